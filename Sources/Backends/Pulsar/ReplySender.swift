import Hearth
import Logging
import NIOCore
import Pulsar

/// Sends the pieces of answers to the gateways that wait for them.
actor ReplySender {
    private struct Outlet {
        let producer: Producer
        var lastUse: ContinuousClock.Instant
    }

    /// More gateways than that are not answered at the same time; the one that was longest without is left.
    private static let capacity = 64
    /// A gateway that cannot be reached so soon reads from the ledger.
    private static let patience = Duration.milliseconds(500)
    /// How long the next attempt to reach it waits.
    private static let pause = Duration.seconds(2)

    private let client: PulsarClient
    private let names: PulsarTopicNames
    private let logger: Logger
    private var outlets: [GatewayID: Outlet] = [:]
    private var unreachable: [GatewayID: ContinuousClock.Instant] = [:]

    init(client: PulsarClient, names: PulsarTopicNames, logger: Logger) {
        self.client = client
        self.names = names
        self.logger = logger
    }

    func send(_ events: [ReplyEvent], to gateway: GatewayID) async {
        guard !events.isEmpty, let producer = await producer(to: gateway) else { return }
        do {
            let payload = try TaskCoding.encode(events)
            try await producer.enqueue(OutgoingMessage(ByteBuffer(bytes: payload))) { _ in }
        } catch {
            logger.debug("a reply was not sent", metadata: ["gateway": "\(gateway)", "error": "\(error)"])
        }
    }

    private func producer(to gateway: GatewayID) async -> Producer? {
        let now = ContinuousClock.now
        if let outlet = outlets[gateway] {
            outlets[gateway]?.lastUse = now
            return outlet.producer
        }
        if let since = unreachable[gateway], now - since < Self.pause { return nil }
        var configuration = ProducerConfiguration(topic: names.replies(gateway))
        configuration.sendTimeout = .seconds(2)
        do {
            let made = try await make(configuration)
            if let first = outlets[gateway] {
                await made.close()
                return first.producer
            }
            unreachable[gateway] = nil
            outlets[gateway] = Outlet(producer: made, lastUse: now)
            await leaveOldest()
            return made
        } catch {
            unreachable = unreachable.filter { now - $0.value < Self.pause }
            unreachable[gateway] = now
            logger.info(
                "a gateway is not reached; it reads the ledger",
                metadata: ["gateway": "\(gateway)", "error": "\(error)"])
            return nil
        }
    }

    private func make(_ configuration: ProducerConfiguration) async throws -> Producer {
        let client = client
        guard let producer = try await within(Self.patience, { try await client.producer(configuration) }) else {
            throw TaskBusError(.unreachable, "No answer within \(Self.patience).")
        }
        return producer
    }

    private func leaveOldest() async {
        guard outlets.count > Self.capacity, let oldest = outlets.min(by: { $0.value.lastUse < $1.value.lastUse })
        else {
            return
        }
        outlets[oldest.key] = nil
        await oldest.value.producer.close()
    }
}
