/// What a codebase was like before.
public protocol CommitHistory: Sendable {
    /// Commits with one parent, the newest first, at most `limit`.
    func commits(limit: Int) async throws -> [Commit]
    /// The files of a commit: blob ids by path.
    func files(of commit: String) async throws -> [String: String]
    /// The contents of blobs, by id; what is larger than `limit` bytes is left out.
    func contents(of blobs: [String], limit: Int) async throws -> [String: [UInt8]]
}

/// A change with one parent.
public struct Commit: Hashable, Sendable {
    public let id: String
    public let parent: String
    public let author: String
    /// The first line of the message.
    public let subject: String
    /// Paths that were changed or deleted: those that the parent has.
    public let changed: [String]
    public let added: [String]

    public init(id: String, parent: String, author: String, subject: String, changed: [String], added: [String]) {
        self.id = id
        self.parent = parent
        self.author = author
        self.subject = subject
        self.changed = changed
        self.added = added
    }
}
