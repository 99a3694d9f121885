public import FoundationEssentials

/// A task in the hands of one worker, until it is settled or the worker's process ends.
public struct TaskDelivery: Sendable {
    public let message: TaskMessage
    /// What the bus needs to recognise this delivery; opaque to everybody else.
    public let receipt: String
    /// How often the task was handed out, this time included: 1, 2, …. A delivery that was lost with its process
    /// counts; one that was handed back (`abandoned`) does not.
    public let deliveryCount: Int
    public let publishedAt: Date
    public let isExpired: Bool

    public init(
        message: TaskMessage,
        receipt: String,
        deliveryCount: Int,
        publishedAt: Date,
        isExpired: Bool
    ) {
        self.message = message
        self.receipt = receipt
        self.deliveryCount = deliveryCount
        self.publishedAt = publishedAt
        self.isExpired = isExpired
    }
}
