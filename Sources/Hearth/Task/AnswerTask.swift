public import FoundationEssentials

/// A question on its way to a worker.
public struct AnswerTask: Hashable, Sendable, Codable, Identifiable {
    public let id: CorrelationID
    public let question: Question
    /// The gateway that waits for the answer.
    public let replyTo: GatewayID
    /// The name of the API key that asked; `local` where none is needed.
    public let owner: String
    public let priority: TaskPriority
    public let createdAt: Date
    /// After this moment nobody waits any more: the task ends as failed instead of being started.
    public let deadline: Date
    public let deduplication: Deduplication?

    public init(
        id: CorrelationID,
        question: Question,
        replyTo: GatewayID,
        owner: String,
        priority: TaskPriority = .interactive,
        createdAt: Date = Date(),
        deadline: Date,
        deduplication: Deduplication? = nil
    ) {
        self.id = id
        self.question = question
        self.replyTo = replyTo
        self.owner = owner
        self.priority = priority
        self.createdAt = createdAt
        self.deadline = deadline
        self.deduplication = deduplication
    }

    /// The task as the bus carries it: ordered within its session.
    public func message() throws -> TaskMessage {
        TaskMessage(
            id: id.rawValue,
            topic: .answer,
            priority: priority,
            orderingKey: question.sessionID.rawValue,
            expiresAt: deadline,
            payload: try TaskCoding.encode(self)
        )
    }
}
