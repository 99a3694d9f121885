/// One line of a .gitignore file (the rules of gitignore(5)).
struct IgnorePattern: Hashable, Sendable {
    private enum Part: Hashable, Sendable {
        /// `**`: any number of folders, none included.
        case anyDepth
        case glob([UInt8])
    }

    /// `!pattern`: what it matches is taken in again.
    let isNegated: Bool
    private let folderOnly: Bool
    private let parts: [Part]

    /// `nil` for blank lines and comments.
    init?(line: Substring) {
        var text = Array(line.utf8)
        if text.last == UInt8(ascii: "\r") { text.removeLast() }
        while text.last == UInt8(ascii: " "), text.dropLast().last != UInt8(ascii: "\\") { text.removeLast() }
        guard let first = text.first, first != UInt8(ascii: "#") else { return nil }
        isNegated = first == UInt8(ascii: "!")
        if isNegated { text.removeFirst() }
        folderOnly = text.last == UInt8(ascii: "/")
        if folderOnly { text.removeLast() }
        guard !text.isEmpty else { return nil }
        let isAnchored = text.contains(UInt8(ascii: "/"))
        let names = text.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: true)
        let parts = names.map { $0.elementsEqual("**".utf8) ? Part.anyDepth : .glob(Array($0)) }
        guard !parts.isEmpty else { return nil }
        self.parts = isAnchored ? parts : [.anyDepth] + parts
    }

    /// - Parameter path: the names below the folder of the ignore file.
    func matches(_ path: ArraySlice<[UInt8]>, isFolder: Bool) -> Bool {
        if folderOnly, !isFolder { return false }
        return Self.match(parts[...], path)
    }

    private static func match(_ parts: ArraySlice<Part>, _ path: ArraySlice<[UInt8]>) -> Bool {
        guard let part = parts.first else { return path.isEmpty }
        switch part {
        case .anyDepth:
            let rest = parts.dropFirst()
            // A trailing `**` matches everything inside, not the folder itself.
            if rest.isEmpty { return !path.isEmpty }
            return path.indices.contains { match(rest, path[$0...]) }
        case .glob(let glob):
            guard let name = path.first, Glob.matches(glob[...], name[...]) else { return false }
            return match(parts.dropFirst(), path.dropFirst())
        }
    }
}
