public import FoundationEssentials

/// An object of the archive as the timeline's manifest knows it.
public struct ArchiveObject: Hashable, Sendable, Codable {
    /// `cold/messages/<project>/<sha256>-<writing>.jsonl.zst`: the name is the content, and who wrote it. The same content
    /// that is written again has another key, so that whoever deletes the one cannot hit the other.
    public let key: String
    public let projectID: ProjectID?
    /// Of the object's bytes.
    public let sha256: String
    public let bytes: Int
    /// Messages in the object. Once parts were thawed or deleted they are more than those of its parts together:
    /// the object is written anew without them, or removed with the last one.
    public let messages: Int
    public let createdAt: Date

    public init(
        key: String,
        projectID: ProjectID?,
        sha256: String,
        bytes: Int,
        messages: Int,
        createdAt: Date
    ) {
        self.key = key
        self.projectID = projectID
        self.sha256 = sha256
        self.bytes = bytes
        self.messages = messages
        self.createdAt = createdAt
    }

    /// Where a project's objects are; what is there and in no manifest is nobody's.
    public static let prefix = "cold/messages/"

    /// `_` stands for no project: no project's name begins with it.
    static func newKey(projectID: ProjectID?, sha256: String, suffix: String) -> String {
        let writing = String(UInt64.random(in: .min ... .max), radix: 16)
        return "\(prefix)\(projectID?.rawValue ?? "_")/\(sha256)-\(writing).jsonl.\(suffix)"
    }
}
