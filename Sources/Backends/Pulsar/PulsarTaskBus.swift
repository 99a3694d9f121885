public import FoundationEssentials
public import Hearth
public import Logging
public import Pulsar
import Synchronization

/// The task bus of several processes, on Apache Pulsar.
///
/// Each kind of task has two queues, one for each priority, and a journal. A queue decides who gets a task: a worker asks
/// the broker for one message when it has a free slot, and the broker gives the message to somebody else when the worker's
/// connection ends. The journal tells what became of the task: whoever changes something writes a record, everybody
/// reads all records in the same order, and a change is made when its record is read and the ``TaskJournal`` allows it.
///
/// ``run()`` has to be running for anything to happen.
public final class PulsarTaskBus: TaskBus {
    /// The client that the bus talks through; it belongs to the bus.
    private let client: PulsarClient
    private let names: PulsarTopicNames
    private let logger: Logger
    private let links: PulsarLinks
    private let queues: [TaskTopic: PulsarTaskQueue]
    private let sender: ReplySender
    private let replies = Mutex<[GatewayID: Consumer]>([:])

    /// - Parameters:
    ///   - configuration: how to reach the cluster. The waits for answers and between attempts are set by the bus.
    ///   - names: what the topics are called.
    ///   - now: the time by which tasks become due.
    public init(
        _ configuration: PulsarClientConfiguration,
        names: PulsarTopicNames = PulsarTopicNames(),
        logger: Logger,
        now: @escaping @Sendable () -> Date = { Date() }
    ) {
        var configuration = configuration
        configuration.operationTimeout = PulsarTaskQueue.patience
        // Somebody waits for an answer: a broker that is back is to be noticed at once.
        configuration.longestBackoff = .seconds(1)
        self.names = names
        self.logger = logger
        client = PulsarClient(configuration, logger: logger)
        let links = PulsarLinks(client: client, metadata: ["application": "hearth"])
        self.links = links
        sender = ReplySender(client: client, names: names, logger: logger)
        queues = Dictionary(
            uniqueKeysWithValues: TaskTopic.allCases.map { topic in
                (topic, PulsarTaskQueue(topic, names: names, links: links, logger: logger, now: now))
            })
    }

    /// Keeps the connection and reads the journals, until cancelled. What is in hand is handed back then.
    public func run() async {
        await withDiscardingTaskGroup { group in
            group.addTask { await self.client.run() }
            group.addTask { await self.reach() }
            group.addTask { await self.links.run() }
            for queue in queues.values { group.addTask { await queue.run(self.client) } }
        }
        await client.close()
    }

    public func publish(_ messages: [TaskMessage]) async throws {
        for (topic, tasks) in Dictionary(grouping: messages, by: \.topic) {
            try await TaskBusError.translating { try await queue(topic).publish(tasks) }
        }
    }

    public func claim(_ topic: TaskTopic) async throws -> TaskDelivery { try await queue(topic).claim() }

    public func settle(_ delivery: TaskDelivery, as verdict: TaskVerdict) async throws {
        try await TaskBusError.translating { try await queue(delivery.message.topic).settle(delivery, as: verdict) }
    }

    public func cancel(_ id: String, on topic: TaskTopic) async throws -> Bool {
        try await TaskBusError.translating { try await queue(topic).cancel(id) }
    }

    public func backlog(of topic: TaskTopic) async throws -> TaskBacklog { try await queue(topic).backlog() }

    public func deadLetters(on topic: TaskTopic, limit: Int) async throws -> [DeadLetter] {
        try await queue(topic).deadLetters(limit: limit)
    }

    public func replay(_ id: String, on topic: TaskTopic) async throws -> Bool {
        try await TaskBusError.translating { try await queue(topic).replay(id) }
    }

    public func send(_ events: [ReplyEvent], to gateway: GatewayID) async { await sender.send(events, to: gateway) }

    public func replies(to gateway: GatewayID) async throws -> any AsyncSequence<ReplyEvent, Never> & Sendable {
        let former = replies.withLock { $0.removeValue(forKey: gateway) }
        await former?.close()
        let configuration = ConsumerConfiguration(topic: names.replies(gateway), subscription: "gateway")
        let consumer = try await TaskBusError.translating { try await client.consumer(configuration) }
        replies.withLock { $0[gateway] = consumer }
        return PulsarReplies(consumer: consumer)
    }

    /// Lets the bus notice that its clock was moved.
    package func look() { for queue in queues.values { queue.look() } }

    /// Says early what is wrong; whoever uses the bus waits much longer before giving up.
    private func reach() async {
        do { try await client.connect() } catch {
            guard !Task.isCancelled else { return }
            logger.warning("cannot reach Pulsar; trying on", metadata: ["error": "\(error)"])
        }
    }

    private func queue(_ topic: TaskTopic) throws -> PulsarTaskQueue {
        guard let queue = queues[topic] else { throw TaskBusError(.invalid, "The bus has no topic '\(topic)'.") }
        return queue
    }
}
