import Pulsar

/// Where a behaviour is tried: a client of its own, and topics that nobody else has.
struct Ground: Sendable {
    let client: PulsarClient
    let configuration: PulsarClientConfiguration
    let run: String
    let behaviour: String

    /// A topic of this behaviour in this run.
    func topic(_ name: String = "t", domain: String = "persistent") -> String {
        "\(domain)://public/default/conformance-\(run)-\(behaviour)-\(name)"
    }

    func producer(_ topic: String, _ change: (inout ProducerConfiguration) -> Void = { _ in }) async throws -> Producer
    {
        var configuration = ProducerConfiguration(topic: topic)
        configuration.batching = nil
        change(&configuration)
        return try await client.producer(configuration)
    }

    func consumer(
        _ topic: String,
        _ type: ConsumerConfiguration.SubscriptionType = .exclusive,
        _ change: (inout ConsumerConfiguration) -> Void = { _ in }
    ) async throws -> Consumer {
        var configuration = ConsumerConfiguration(topic: topic, subscription: "s", type: type)
        configuration.initialPosition = .earliest
        change(&configuration)
        return try await client.consumer(configuration)
    }

    /// Takes `count` messages and acknowledges them. What comes twice counts once: a broker promises at least once, and
    /// some do deliver twice what is published while it is read.
    func take(_ count: Int, from consumer: Consumer, within limit: Duration = .seconds(10)) async throws -> [Message] {
        var messages: [Message] = []
        var seen: Set<MessageID> = []
        while messages.count < count {
            guard let message = try await consumer.receive(timeout: limit) else {
                throw Deviation(description: "message \(messages.count + 1) of \(count) did not come in \(limit)")
            }
            try await consumer.acknowledge(message)
            if seen.insert(message.id).inserted { messages.append(message) }
        }
        return messages
    }

    /// Expects that nothing comes for a while.
    func expectSilence(of consumer: Consumer, for time: Duration = .milliseconds(500)) async throws {
        if let message = try await consumer.receive(timeout: time) {
            throw Deviation(description: "'\(message.text)' came, and nothing should have")
        }
    }
}
