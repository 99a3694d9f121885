import Hearth
import Logging
import Pulsar

/// The producers and consumers of a bus, each made when it is first needed.
actor PulsarLinks {
    private let client: PulsarClient
    private let metadata: [String: String]
    private var producers: [String: Producer] = [:]
    private var consumers: [String: Consumer] = [:]
    private nonisolated let jobs = AsyncStream.makeStream(
        of: (@Sendable () async -> Void).self, bufferingPolicy: .bufferingNewest(4096))

    init(client: PulsarClient, metadata: [String: String]) {
        self.client = client
        self.metadata = metadata
    }

    /// Does what was added, until cancelled.
    nonisolated func run() async {
        await withDiscardingTaskGroup { group in
            for await job in jobs.stream { group.addTask { await job() } }
            group.cancelAll()
        }
    }

    /// Has something done in the background.
    nonisolated func add(_ job: @escaping @Sendable () async -> Void) { jobs.continuation.yield(job) }

    /// Publishes tasks, each in an entry of its own: a batch would go to one worker as a whole.
    func producer(queue topic: String) async throws -> Producer {
        var configuration = ProducerConfiguration(topic: topic)
        configuration.batching = nil
        configuration.compression = .zstd
        configuration.initialSubscription = PulsarTopicNames.subscription
        return try await producer(configuration)
    }

    func producer(journal topic: String) async throws -> Producer {
        var configuration = ProducerConfiguration(topic: topic)
        // Each record has an entry, and so a place, of its own.
        configuration.batching = nil
        // A dead letter is a record too, with its task in it.
        configuration.compression = .zstd
        let producer = try await producer(configuration)
        guard producer.partitionCount == 1 else {
            throw TaskBusError(
                .invalid,
                "The topic \(topic) has \(producer.partitionCount) partitions; a journal must have one. Delete it and "
                    + "run `hearth bootstrap`.")
        }
        return producer
    }

    private func producer(_ configuration: ProducerConfiguration) async throws -> Producer {
        if let producer = producers[configuration.topic] { return producer }
        var configuration = configuration
        configuration.sendTimeout = PulsarTaskQueue.patience
        configuration.metadata = metadata
        let made = try await TaskBusError.translating { try await client.producer(configuration) }
        // Another call may have made one meanwhile.
        if let first = producers[configuration.topic] {
            await made.close()
            return first
        }
        producers[configuration.topic] = made
        return made
    }

    /// Takes tasks of a queue, one for each call that waits.
    ///
    /// The subscription is shared, not shared by key: the journal keeps the order within a key, and by keys tasks would
    /// wait for the one worker that has their key's hash, however busy it is, while others idle.
    func consumer(queue topic: String) async throws -> Consumer {
        if let consumer = consumers[topic] { return consumer }
        var configuration = ConsumerConfiguration(
            topic: topic, subscription: PulsarTopicNames.subscription, type: .shared)
        configuration.initialPosition = .earliest
        configuration.receiverQueueSize = 0
        configuration.metadata = metadata
        let made = try await TaskBusError.translating { try await client.consumer(configuration) }
        if let first = consumers[topic] {
            await made.close()
            return first
        }
        consumers[topic] = made
        return made
    }
}
