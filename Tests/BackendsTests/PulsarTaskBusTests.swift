import FoundationEssentials
import Hearth
import HearthTesting
import Logging
import NIOCore
import Pulsar
import Testing

@testable import Backends

/// Needs a broker: `scripts/test` runs these against pulsar-lite, or against the cluster that PULSAR_URL names.
@Suite(
    "The Pulsar task bus", .timeLimit(.minutes(2)), .serialized,
    .enabled(if: Broker.url != nil, "PULSAR_URL names no broker"))
struct PulsarTaskBusTests {
    @Test("it does what every bus does", arguments: TaskBusConformance.behaviours)
    func conformance(behaviour: Behaviour<TaskBusConformance>) async throws {
        let clock = ManualClock()
        try await Broker.withBuses(1, clock: clock) { buses in
            let bus = buses[0]
            try await behaviour.run(
                TaskBusConformance(bus) { duration in
                    clock.advance(duration)
                    bus.look()
                })
        }
    }

    @Test("two processes' buses are one bus", arguments: TaskBusConformance.behaviours)
    func sharing(behaviour: Behaviour<TaskBusConformance>) async throws {
        let clock = ManualClock()
        try await Broker.withBuses(2, clock: clock) { buses in
            try await behaviour.run(
                TaskBusConformance(buses[0], worker: buses[1]) { duration in
                    clock.advance(duration)
                    for bus in buses { bus.look() }
                })
        }
    }

    private func message(_ id: String, key: String? = nil) -> TaskMessage {
        TaskMessage(id: id, topic: .answer, priority: .interactive, orderingKey: key, payload: Data(id.utf8))
    }

    @Test("what a process held that has ended is handed out again, and the dead one's verdict does not count")
    func takesOver() async throws {
        let names = Broker.names()
        let first = try Broker.bus(names)
        let second = try Broker.bus(names)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { await second.run() }
            let delivery = try await Broker.running([first]) {
                try await first.publish([message("a")])
                return try await first.claim(.answer)
            }
            // The first bus is closed now, with the task in its hands.
            await #expect(throws: TaskBusError.self) { try await first.settle(delivery, as: .done) }
            let again = try await second.claim(.answer)
            #expect(again.message.id == "a" && again.deliveryCount == 2)
            #expect(try await second.backlog(of: .answer).inFlight == 1)
            try await second.settle(again, as: .done)
            #expect(try await second.backlog(of: .answer) == TaskBacklog())
            group.cancelAll()
        }
    }

    @Test("a task whose publisher died before it wrote the record is done; a second message of it is not handed out")
    func findsOrphans() async throws {
        let names = Broker.names()
        let bus = try Broker.bus(names)
        try await Broker.running([bus]) {
            try await Broker.send(
                [try QueuedTask.outgoing(message("a")), try QueuedTask.outgoing(message("a"))], to: names)
            let orphan = try await bus.claim(.answer)
            #expect(orphan.message == message("a") && orphan.deliveryCount == 1)
            try await bus.publish([message("b")])
            let next = try await bus.claim(.answer)
            #expect(next.message.id == "b")
            try await bus.settle(orphan, as: .done)
            try await bus.settle(next, as: .done)
            #expect(try await bus.backlog(of: .answer) == TaskBacklog())
        }
    }

    @Test("what is no task, or no record, is left alone and stops nobody")
    func skipsForeignMessages() async throws {
        let names = Broker.names()
        let bus = try Broker.bus(names)
        try await Broker.running([bus]) {
            try await Broker.send(
                [OutgoingMessage("hello"), OutgoingMessage("{}", properties: ["hearth.task": "{"])], to: names)
            try await Broker.send(
                [
                    OutgoingMessage("hello", key: "a"),
                    OutgoingMessage("x", key: "b", properties: ["change": "claimed"]),
                ],
                toTopic: names.journal(.answer))
            try await bus.publish([message("a")])
            let delivery = try await bus.claim(.answer)
            #expect(delivery.message.id == "a")
            try await bus.settle(delivery, as: .done)
            #expect(try await bus.backlog(of: .answer) == TaskBacklog())
        }
    }

    @Test("a task that could not be set aside is refused, and nothing of it stays; the largest one can be")
    func refusesTheTooLarge() async throws {
        // Random bytes, so that compression is no help.
        var random = SplitMix64(seed: 1)
        let largest = Data((0..<QueuedTask.largestPayload).map { _ in UInt8(truncatingIfNeeded: random.next()) })
        try await Broker.withBuses(1) { buses in
            let bus = buses[0]
            let failure = await #expect(throws: TaskBusError.self) {
                try await bus.publish([TaskMessage(id: "larger", topic: .answer, payload: largest + [0])])
            }
            #expect(failure?.code == .invalid && failure?.isRetriable == false)
            #expect(try await bus.backlog(of: .answer) == TaskBacklog())
            try await bus.publish([TaskMessage(id: "largest", topic: .answer, payload: largest)])
            try await bus.settle(try await bus.claim(.answer), as: .deadLetter(reason: "a test"))
            let dead = try await bus.deadLetters(on: .answer, limit: 10)
            #expect(dead.map(\.message.payload) == [largest])
        }
    }

    @Test("replies arrive in order at the gateway that reads now, some may be lost; sending to nobody holds nobody up")
    func replies() async throws {
        try await Broker.withBuses(2) { buses in
            let (gateway, worker) = (buses[0], buses[1])
            let id = CorrelationID.next()
            let address = GatewayID.unique()
            // The first reader is replaced by the second.
            _ = try await gateway.replies(to: address)
            let stream = try await gateway.replies(to: address)
            await worker.send([ReplyEvent(correlationID: id, attempt: 1, sequence: 1, kind: .text(""))], to: .unique())
            await withTaskGroup(of: Void.self) { group in
                group.addTask {
                    var sequence = 0
                    while !Task.isCancelled {
                        sequence += 1
                        let event = ReplyEvent(
                            correlationID: id, attempt: 1, sequence: sequence, kind: .text("\(sequence)"))
                        await worker.send([event], to: address)
                    }
                }
                var received: [Int] = []
                for await event in stream {
                    received.append(event.sequence)
                    if received.count == 500 { break }
                }
                group.cancelAll()
                #expect(received.first == 1)
                #expect(zip(received, received.dropFirst()).allSatisfy { $0 < $1 })
            }
        }
    }
}

/// The broker that the tests are run against.
enum Broker {
    static var url: String? { ProcessInfo.processInfo.environment["PULSAR_URL"] }

    /// Topics that nobody had before.
    static func names() -> PulsarTopicNames { PulsarTopicNames(prefix: "test-\(GatewayID.unique())-") }

    static func bus(_ names: PulsarTopicNames, clock: ManualClock? = nil) throws -> PulsarTaskBus {
        let configuration = try PulsarClientConfiguration(serviceURL: try #require(url))
        return PulsarTaskBus(configuration, names: names, logger: .test, now: { clock?.now ?? Date() })
    }

    /// Keeps the buses going while `body` runs.
    static func running<Result: Sendable>(
        _ buses: [PulsarTaskBus],
        _ body: () async throws -> Result
    ) async throws -> Result {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for bus in buses { group.addTask { await bus.run() } }
            defer { group.cancelAll() }
            return try await body()
        }
    }

    /// Lends buses that share topics.
    static func withBuses<Result: Sendable>(
        _ count: Int,
        clock: ManualClock? = nil,
        _ body: ([PulsarTaskBus]) async throws -> Result
    ) async throws -> Result {
        let names = names()
        let buses = try (0..<count).map { _ in try bus(names, clock: clock) }
        return try await running(buses) { try await body(buses) }
    }

    /// Puts messages into the queue of interactive questions, past the bus.
    static func send(_ messages: [OutgoingMessage], to names: PulsarTopicNames) async throws {
        try await send(messages, toTopic: names.queue(.answer, .interactive))
    }

    static func send(_ messages: [OutgoingMessage], toTopic topic: String) async throws {
        try await PulsarClient.withClient(try PulsarClientConfiguration(serviceURL: try #require(url))) { client in
            var configuration = ProducerConfiguration(topic: topic)
            configuration.initialSubscription = topic.hasSuffix("journal") ? nil : PulsarTopicNames.subscription
            let producer = try await client.producer(configuration)
            for message in messages { try await producer.send(message) }
        }
    }
}
