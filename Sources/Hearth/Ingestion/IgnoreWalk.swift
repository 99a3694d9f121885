/// Decides about the paths of a listing, in their order, what the ignore files on the way to them say.
///
/// For sources that list documents instead of walking folders.
public struct IgnoreWalk: Sendable {
    /// What is to be done with a document.
    public enum Verdict: Hashable, Sendable {
        case kept
        /// Named by a pattern.
        case ignored
        /// In a folder that is ignored: a walk would never have come there.
        case insideIgnoredFolder
    }

    private struct Level: Sendable {
        /// Empty for the root, else with `/` at its end.
        let folder: String
        let rules: IgnoreRules
        let isIgnored: Bool
    }

    private var levels: [Level] = []
    private let standard: IgnoreRules

    public init(settings: ProjectSettings) {
        standard = IgnoreRules().adding(IgnoreRules.defaults, in: "")
            .adding(settings.ignore.joined(separator: "\n"), in: "")
    }

    /// What is to be done with a document.
    ///
    /// - Parameter texts: what the ignore files of a folder say, in the order of ``IgnoreRules/fileNames``; asked once for
    ///   each folder that is entered.
    public mutating func verdict(on path: String, texts: (_ folder: String) -> [String]) -> Verdict {
        while let level = levels.last, !path.utf8.starts(with: level.folder.utf8) { levels.removeLast() }
        if levels.isEmpty { enter("", parent: standard, isIgnored: false, texts) }
        var entered = levels.last?.folder.utf8.count ?? 0
        let bytes = Array(path.utf8)
        while let slash = bytes[entered...].firstIndex(of: UInt8(ascii: "/")) {
            let folder = String(decoding: bytes[...slash], as: UTF8.self)
            let parent = levels.last
            let rules = parent?.rules ?? standard
            let isIgnored =
                parent?.isIgnored == true
                || rules.ignores(String(decoding: bytes[..<slash], as: UTF8.self), isFolder: true)
            enter(folder, parent: rules, isIgnored: isIgnored, texts)
            entered = slash + 1
        }
        guard let level = levels.last, !level.isIgnored else { return .insideIgnoredFolder }
        return level.rules.ignores(path, isFolder: false) ? .ignored : .kept
    }

    private mutating func enter(
        _ folder: String, parent: IgnoreRules, isIgnored: Bool, _ texts: (String) -> [String]
    ) {
        var rules = parent
        if !isIgnored {
            for text in texts(folder) { rules = rules.adding(text, in: folder) }
        }
        levels.append(Level(folder: folder, rules: rules, isIgnored: isIgnored))
    }
}
