public import Logging
public import NIOCore
public import NIOPosix
import Synchronization

/// A client of a Pulsar cluster. One is enough for a process: it shares a connection to each broker.
///
/// ```swift
/// try await PulsarClient.withClient(try .init(serviceURL: "pulsar://127.0.0.1:6650")) { client in
///     let producer = try await client.producer(ProducerConfiguration(topic: "greetings"))
///     try await producer.send(OutgoingMessage("hello"))
/// }
/// ```
///
/// ``run()`` has to be running for the client to reconnect, find new partitions and set dead letters aside;
/// ``withClient(_:eventLoopGroup:logger:_:)`` does so. All I/O is done on one event loop.
public final class PulsarClient: Sendable {
    private struct State {
        var isRunning = false
        var hasWarned = false
        var isClosed = false
    }

    public let configuration: PulsarClientConfiguration
    private let context: ClientContext
    private let state = Mutex(State())

    public init(
        _ configuration: PulsarClientConfiguration,
        eventLoopGroup: any EventLoopGroup = MultiThreadedEventLoopGroup.singleton,
        logger: Logger = Logger(label: "pulsar")
    ) {
        self.configuration = configuration
        context = ClientContext(configuration, eventLoop: eventLoopGroup.next(), logger: logger)
    }

    /// Lends a client that is running to `body`, and closes it when `body` returns or throws.
    public static func withClient<Result: Sendable>(
        _ configuration: PulsarClientConfiguration,
        eventLoopGroup: any EventLoopGroup = MultiThreadedEventLoopGroup.singleton,
        logger: Logger = Logger(label: "pulsar"),
        _ body: @Sendable (PulsarClient) async throws -> Result
    ) async throws -> Result {
        let client = PulsarClient(configuration, eventLoopGroup: eventLoopGroup, logger: logger)
        return try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { await client.run() }
            do {
                let result = try await body(client)
                await client.close()
                group.cancelAll()
                return result
            } catch {
                await client.close()
                group.cancelAll()
                throw error
            }
        }
    }

    /// Does the client's work in the background until it is closed or the task is cancelled; either closes everything.
    public func run() async {
        let isFirst = state.withLock { state in
            defer { state.isRunning = true }
            return !state.isRunning
        }
        guard isFirst else { return context.logger.error("PulsarClient.run() was called twice") }
        await withDiscardingTaskGroup { group in
            for await job in context.jobs.jobs { group.addTask { await job() } }
            group.cancelAll()
        }
        await close()
    }

    /// Ends every connection. Producers, consumers and readers of this client fail with code `closed`.
    public func close() async {
        let isFirst = state.withLock { state in
            defer { state.isClosed = true }
            return !state.isClosed
        }
        guard isFirst else { return }
        context.jobs.finish()
        await context.pool.close()
    }

    // MARK: Producers and consumers

    /// Reaches the cluster once, to find out whether its address and the credentials are good. Not needed otherwise.
    ///
    /// - Throws: ``PulsarError``; `CancellationError`.
    public func connect() async throws {
        try check()
        try await context.lookup.connect()
    }

    /// Makes a producer, and the topic if the broker allows that.
    ///
    /// - Throws: ``PulsarError``; `CancellationError`.
    public func producer(_ configuration: ProducerConfiguration) async throws -> Producer {
        try configuration.validate()
        let topic = try TopicName(configuration.topic)
        try check()
        // Exclusive access is waited for, for as long as it takes.
        let limit = configuration.accessMode == .waitForExclusive ? nil : self.configuration.operationTimeout
        let context = context
        return try await context.retrying("make producer", within: limit) {
            let count = topic.partition == nil ? try await context.lookup.partitions(of: topic) : 0
            let names = count > 0 ? (0..<count).map(topic.partition) : [topic]
            var sessions: [ProducerSession] = []
            do {
                for name in names {
                    let session = ProducerSession(topic: name, configuration: configuration, context: context)
                    try await session.attach()
                    sessions.append(session)
                }
            } catch {
                for session in sessions { await session.close() }
                throw error
            }
            let producer = Producer(
                topic: topic, configuration: configuration, context: context, sessions: sessions)
            if count > 0 { context.jobs.add { [weak producer] in await producer?.watchPartitions() } }
            return producer
        }
    }

    /// Makes a consumer, and its subscription and topic if they are not there and the broker allows that.
    ///
    /// - Throws: ``PulsarError``; `CancellationError`.
    public func consumer(_ configuration: ConsumerConfiguration) async throws -> Consumer {
        try configuration.validate()
        try check()
        let topics = try topics(of: configuration)
        let office = try deadLetterOffice(configuration, topics)
        let consumer = Consumer(configuration: configuration, context: context, deadLetterOffice: office)
        do {
            try await context.retrying("make consumer", within: self.configuration.operationTimeout) {
                switch topics {
                case .named(let names): for name in names { try await consumer.addAll(of: name) }
                case .pattern(let pattern):
                    for topic in try await pattern.topics(context.lookup) { try await consumer.addAll(of: topic) }
                }
                if let office, configuration.deadLetters?.usesRetryTopic == true {
                    try await consumer.addAll(of: try TopicName(office.retryTopic))
                }
            }
        } catch {
            await consumer.close()
            throw error
        }
        context.jobs.add { [weak consumer] in await consumer?.watch(topics) }
        return consumer
    }

    /// Makes a reader.
    ///
    /// - Throws: ``PulsarError``; `CancellationError`.
    public func reader(_ configuration: ReaderConfiguration) async throws -> Reader {
        let name = "reader-" + String(UInt64.random(in: 0...UInt64.max), radix: 16)
        var consumerConfiguration = ConsumerConfiguration(topic: configuration.topic, subscription: name)
        consumerConfiguration.receiverQueueSize = configuration.receiverQueueSize
        consumerConfiguration.readsCompacted = configuration.readsCompacted
        consumerConfiguration.confirmsAcknowledgements = false
        consumerConfiguration.isDurable = false
        consumerConfiguration.start = configuration.position
        return Reader(try await consumer(consumerConfiguration), start: configuration.position)
    }

    private func topics(of configuration: ConsumerConfiguration) throws -> ConsumerTopics {
        switch configuration.topics {
        case .one(let name): return .named([try TopicName(name)])
        case .several(let names):
            guard !names.isEmpty else {
                throw PulsarError(.invalidConfiguration, "A consumer needs one topic at least.")
            }
            return .named(try names.map { try TopicName($0) })
        case .pattern(let namespace, let expression):
            return .pattern(try TopicPattern(namespace: namespace, expression: expression))
        }
    }

    private func deadLetterOffice(
        _ configuration: ConsumerConfiguration,
        _ topics: ConsumerTopics
    ) throws -> DeadLetterOffice? {
        guard let policy = configuration.deadLetters else { return nil }
        guard case .named(let names) = topics, let first = names.first else {
            throw PulsarError(.invalidConfiguration, "Dead letters need topics that are named, not a pattern.")
        }
        return DeadLetterOffice(policy: policy, topic: first, subscription: configuration.subscription) {
            [weak self] configuration in
            guard let self else { throw PulsarError(.closed, "The client was closed.") }
            return try await producer(configuration)
        }
    }

    private func check() throws {
        let warns = try state.withLock { state in
            guard !state.isClosed else { throw PulsarError(.closed, "The client was closed.") }
            defer { state.hasWarned = state.hasWarned || !state.isRunning }
            return !state.isRunning && !state.hasWarned
        }
        if warns {
            context.logger.debug("PulsarClient.run() is not running yet: until it is, the client does not reconnect")
        }
    }
}
