public import FoundationEssentials

/// A task that was set aside, with the reason.
public struct DeadLetter: Sendable, Codable {
    public let message: TaskMessage
    public let reason: String
    public let deliveryCount: Int
    public let diedAt: Date

    public init(message: TaskMessage, reason: String, deliveryCount: Int, diedAt: Date) {
        self.message = message
        self.reason = reason
        self.deliveryCount = deliveryCount
        self.diedAt = diedAt
    }
}
