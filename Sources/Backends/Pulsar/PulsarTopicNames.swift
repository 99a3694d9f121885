public import Hearth

/// What the bus calls its topics.
public struct PulsarTopicNames: Hashable, Sendable {
    public let tenant: String
    public let namespace: String
    /// Before each name, to keep several Hearths apart in one namespace.
    public let prefix: String

    public init(tenant: String = "public", namespace: String = "default", prefix: String = "") {
        self.tenant = tenant
        self.namespace = namespace
        self.prefix = prefix
    }

    /// Of all workers: each task goes to one of them.
    public static let subscription = "workers"

    /// Where tasks of a priority wait for a worker.
    public func queue(_ topic: TaskTopic, _ priority: TaskPriority) -> String {
        "persistent://\(tenant)/\(namespace)/\(prefix)\(topic.rawValue)-\(priority)"
    }

    /// What happened to the tasks. Has one partition: its order is what everybody agrees on.
    public func journal(_ topic: TaskTopic) -> String {
        "persistent://\(tenant)/\(namespace)/\(prefix)\(topic.rawValue)-journal"
    }

    /// Where a gateway gets its answers, as long as it runs.
    public func replies(_ gateway: GatewayID) -> String {
        "non-persistent://\(tenant)/\(namespace)/\(prefix)replies-\(gateway)"
    }

    /// All that has to be there before the first task.
    public var queues: [String] {
        TaskTopic.allCases.flatMap { topic in TaskPriority.allCases.map { queue(topic, $0) } }
    }

    public var journals: [String] { TaskTopic.allCases.map(journal) }
}
