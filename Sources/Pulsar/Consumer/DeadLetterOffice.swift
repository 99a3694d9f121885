import Synchronization

/// Publishes messages to the dead-letter and the retry topic of a subscription. Its producers are made when they are
/// first needed.
actor DeadLetterOffice {
    /// Properties of the official clients. The form of an id is the C++ client's, `(ledger,entry,partition,batch)`.
    enum Property {
        static let realTopic = "REAL_TOPIC"
        static let realSubscription = "REAL_SUBSCRIPTION"
        static let originMessageID = "ORIGIN_MESSAGE_ID"
        static let reconsumeTimes = "RECONSUMETIMES"
        static let delayTime = "DELAY_TIME"
    }

    nonisolated let deadLetterTopic: String
    nonisolated let retryTopic: String
    private let policy: DeadLetterPolicy
    private let subscription: String
    private let makeProducer: @Sendable (ProducerConfiguration) async throws -> Producer
    private var producers: [String: Producer] = [:]

    /// - Parameter topic: the first one of the consumer.
    init(
        policy: DeadLetterPolicy,
        topic: TopicName,
        subscription: String,
        makeProducer: @escaping @Sendable (ProducerConfiguration) async throws -> Producer
    ) {
        self.policy = policy
        self.subscription = subscription
        self.makeProducer = makeProducer
        deadLetterTopic = policy.deadLetterTopic ?? topic.sibling(suffix: "-\(subscription)-DLQ").description
        retryTopic = policy.retryTopic ?? topic.sibling(suffix: "-\(subscription)-RETRY").description
    }

    func setAside(_ message: Message) async throws {
        try await producer(deadLetterTopic, initialSubscription: policy.initialSubscription)
            .send(copy(of: message))
    }

    /// - Returns: whether it goes to the dead letters instead, because it was tried often enough.
    func retry(_ message: Message, after delay: Duration, properties: [String: String]) async throws -> Bool {
        let times = (message.properties[Property.reconsumeTimes].flatMap(Int.init) ?? 0) + 1
        var copy = copy(of: message)
        copy.properties.merge(properties) { _, new in new }
        guard times <= policy.maximumRedeliveries else {
            try await producer(deadLetterTopic, initialSubscription: policy.initialSubscription).send(copy)
            return true
        }
        copy.properties[Property.reconsumeTimes] = String(times)
        copy.properties[Property.delayTime] = String(Int64(delay / .milliseconds(1)))
        copy.delivery = .after(delay)
        try await producer(retryTopic, initialSubscription: nil).send(copy)
        return false
    }

    private func copy(of message: Message) -> OutgoingMessage {
        var properties = message.properties
        // What was set aside before keeps its first origin.
        for (name, value) in [
            (Property.realTopic, message.topic), (Property.realSubscription, subscription),
            (Property.originMessageID, message.id.description),
        ] where properties[name] == nil {
            properties[name] = value
        }
        var copy = OutgoingMessage(
            message.payload, key: message.key, orderingKey: message.orderingKey, properties: properties)
        copy.eventTime = message.eventTime
        copy.isTombstone = message.isTombstone
        return copy
    }

    private func producer(_ topic: String, initialSubscription: String?) async throws -> Producer {
        if let producer = producers[topic] { return producer }
        var configuration = ProducerConfiguration(topic: topic)
        configuration.batching = nil
        configuration.allowsChunking = true
        configuration.initialSubscription = initialSubscription
        let producer = try await makeProducer(configuration)
        if let other = producers[topic] {
            await producer.close()
            return other
        }
        producers[topic] = producer
        return producer
    }

    func close() async {
        for producer in producers.values { await producer.close() }
        producers = [:]
    }
}
