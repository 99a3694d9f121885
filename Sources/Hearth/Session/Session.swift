public import FoundationEssentials

/// A conversation in a project.
public struct Session: Hashable, Sendable, Codable, Identifiable {
    public let id: SessionID
    /// `nil` for a conversation with a plain model, without retrieval.
    public let projectID: ProjectID?
    /// The first question, shortened, for lists.
    public var title: String
    public let createdAt: Date
    public var updatedAt: Date
    /// The hash of the conversation as a client that keeps its own history would send it back
    /// (see ``ConversationHead``): how a stateless request finds the session that it continues.
    public var head: String?

    public init(
        id: SessionID,
        projectID: ProjectID?,
        title: String,
        createdAt: Date = Date(),
        updatedAt: Date? = nil,
        head: String? = nil
    ) {
        self.id = id
        self.projectID = projectID
        self.title = title
        self.createdAt = createdAt
        self.updatedAt = updatedAt ?? createdAt
        self.head = head
    }
}
