/// Why a document is not indexed.
public enum SkipReason: String, Sendable, Codable, CodingKeyRepresentable, CaseIterable {
    /// A .gitignore, .hearthignore or project pattern names it.
    case ignored
    case binary
    case tooLarge
    /// Written by a program: lock files, minified code, files that say so in their first lines.
    case generated
    /// A symbolic link that leaves the root, or leads nowhere.
    case link
    case empty
    case unreadable
}
