import Hearth

/// The files of a scratch project at one moment: what the verifier itself wrote, so that it need not believe the index.
struct Codebase: Hashable, Sendable {
    private(set) var files: [String: String] = [:]

    mutating func apply(_ change: FileChange) {
        switch change {
        case .write(let path, let text): files[path] = text
        case .delete(let path): files[path] = nil
        case .rename(let from, let to): files[to] = files.removeValue(forKey: from)
        }
    }

    /// Names what stands in the file now; `nil` where there is no such file.
    func hash(of path: String) -> String? { files[path].map { Digest.sha256($0) } }

    func lines(of path: String) -> [Substring] {
        var lines = (files[path] ?? "").split(separator: "\n", omittingEmptySubsequences: false)
        if lines.last == "" { lines.removeLast() }
        return lines
    }

    /// The text of some lines, 1-based; `nil` if the file does not have all of them.
    func text(of path: String, lines range: ClosedRange<Int>) -> String? {
        let lines = lines(of: path)
        guard range.lowerBound >= 1, range.upperBound <= lines.count else { return nil }
        return lines[(range.lowerBound - 1)...(range.upperBound - 1)].joined(separator: "\n")
    }

    /// The number of the first line that holds `text`, 1-based.
    func line(of text: String, in path: String) -> Int? {
        lines(of: path).firstIndex { $0.contains(text) }.map { $0 + 1 }
    }
}
