public import FoundationEssentials

/// One message of a session's timeline.
public struct Message: Hashable, Sendable, Codable, Identifiable {
    /// Fixed by the question that it belongs to, so that writing it twice writes it once.
    public let id: String
    public let sessionID: SessionID
    public let projectID: ProjectID?
    public let role: ChatMessage.Role
    public let text: String
    public let createdAt: Date
    /// The question that this message asks or answers.
    public let correlationID: CorrelationID
    /// On answers: all that is needed to check the answer later.
    public let provenance: Provenance?

    public init(
        id: String,
        sessionID: SessionID,
        projectID: ProjectID?,
        role: ChatMessage.Role,
        text: String,
        createdAt: Date,
        correlationID: CorrelationID,
        provenance: Provenance? = nil
    ) {
        self.id = id
        self.sessionID = sessionID
        self.projectID = projectID
        self.role = role
        self.text = text
        self.createdAt = createdAt
        self.correlationID = correlationID
        self.provenance = provenance
    }
}
