public import FoundationEssentials

/// One piece of work as the bus carries it.
public struct TaskMessage: Hashable, Sendable, Codable {
    /// Publishing the same id again, while the first is on the bus or among the dead letters, changes nothing.
    public let id: String
    public let topic: TaskTopic
    public var priority: TaskPriority
    /// Tasks with the same key are done one at a time, in the order of publishing, retries included.
    public var orderingKey: String?
    /// Not handed out before this moment.
    public var notBefore: Date?
    /// From this moment on a delivery is marked ``TaskDelivery/isExpired``; the bus never drops a task silently.
    public var expiresAt: Date?
    /// Travels with the task unread, for example the trace context.
    public var properties: [String: String]
    public let payload: Data

    public init(
        id: String,
        topic: TaskTopic,
        priority: TaskPriority = .batch,
        orderingKey: String? = nil,
        notBefore: Date? = nil,
        expiresAt: Date? = nil,
        properties: [String: String] = [:],
        payload: Data
    ) {
        self.id = id
        self.topic = topic
        self.priority = priority
        self.orderingKey = orderingKey
        self.notBefore = notBefore
        self.expiresAt = expiresAt
        self.properties = properties
        self.payload = payload
    }
}
