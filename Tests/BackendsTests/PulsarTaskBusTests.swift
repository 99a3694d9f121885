import Backends
import FoundationEssentials
import Hearth
import HearthTesting
import Logging
import Pulsar
import Testing

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
}

/// The broker that the tests are run against.
enum Broker {
    static var url: String? { ProcessInfo.processInfo.environment["PULSAR_URL"] }

    /// Lends buses that share topics which nobody had before.
    static func withBuses<Result: Sendable>(
        _ count: Int,
        clock: ManualClock = ManualClock(),
        _ body: @Sendable ([PulsarTaskBus]) async throws -> Result
    ) async throws -> Result {
        let names = PulsarTopicNames(prefix: "test-\(GatewayID.unique())-")
        let configuration = try PulsarClientConfiguration(serviceURL: try #require(url))
        let buses = (0..<count).map { _ in
            PulsarTaskBus(configuration, names: names, logger: .test, now: { clock.now })
        }
        return try await withThrowingTaskGroup(of: Void.self) { group in
            for bus in buses { group.addTask { await bus.run() } }
            defer { group.cancelAll() }
            return try await body(buses)
        }
    }
}
