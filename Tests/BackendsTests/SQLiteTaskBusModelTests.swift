import Backends
import FoundationEssentials
import Hearth
import HearthTesting
import Logging
import Testing

@Suite("The SQLite task bus against a model", .timeLimit(.minutes(2)))
struct SQLiteTaskBusModelTests {
    /// Two processes' buses, of which one may end, and the model.
    private struct World {
        let folder: String
        let clock = ManualClock(Date(timeIntervalSince1970: 1_800_000_000))
        var random: SplitMix64
        var buses: [SQLiteTaskBus] = []
        var held: [[TaskDelivery]] = [[], []]
        var settled: [TaskDelivery] = []
        var model = SQLiteTaskBusModel()
        var counter = 0

        init(folder: String, seed: UInt64) throws {
            self.folder = folder
            random = SplitMix64(seed: seed)
            for _ in 0..<2 { buses.append(try open()) }
        }

        func open() throws -> SQLiteTaskBus {
            let clock = clock
            return try SQLiteTaskBus(
                SQLiteStore.open(directory: folder, fsync: false, logger: .test, now: { clock.now }))
        }

        mutating func maybe(_ seconds: Int) -> Date? {
            random.next(below: 4) == 0 ? clock.now.addingTimeInterval(Double(random.next(below: seconds))) : nil
        }

        /// An id that was used before, most often.
        mutating func someID() -> String { "t\(random.next(below: counter + 1))" }

        mutating func message() -> TaskMessage {
            if random.next(below: 8) > 0 { counter += 1 }
            return TaskMessage(
                id: "t\(counter)", topic: .answer, priority: random.next(below: 2) == 0 ? .batch : .interactive,
                orderingKey: random.next(below: 2) == 0 ? "k\(random.next(below: 3))" : nil,
                notBefore: maybe(4), expiresAt: maybe(8), payload: Data("\(counter)".utf8))
        }

        mutating func verdict() -> TaskVerdict {
            switch random.next(below: 6) {
            case 0: .retry(after: .seconds(random.next(below: 4)), reason: "again")
            case 1: .deadLetter(reason: "poison")
            case 2: .abandoned
            default: .done
            }
        }
    }

    @Test("random work leaves the bus as the model says, after every step", arguments: UInt64(1)...12)
    func randomWork(seed: UInt64) async throws {
        try await withTemporaryFolder { folder in
            var world = try World(folder: folder, seed: seed)
            for step in 0..<200 {
                try await act(&world)
                var backlog = try await world.buses[0].backlog(of: .answer)
                backlog.oldestReadyAge = 0
                let expected = world.model.backlog(at: world.clock.now)
                try #require(backlog == expected, "seed \(seed), step \(step)")
            }
        }
    }

    private func act(_ world: inout World) async throws {
        let which = world.random.next(below: 2)
        let choice = world.random.next(below: 16)
        // Before anything holds on to the bus.
        if choice == 15 { return try restart(which, &world) }
        let bus = world.buses[which]
        switch choice {
        case 0...4:
            let messages = (0...world.random.next(below: 3)).map { _ in world.message() }
            try await bus.publish(messages)
            for message in messages { world.model.publish(message) }
        case 5...8:
            guard let expected = world.model.next(at: world.clock.now) else { return }
            let delivery = try await bus.claim(.answer)
            try #require(delivery.message.id == expected.message.id)
            #expect(delivery.message.payload == expected.message.payload)
            #expect(delivery.deliveryCount == expected.deliveryCount + 1)
            #expect(delivery.isExpired == (expected.expiresAt.map { $0 <= world.clock.now } ?? false))
            world.model.claim(delivery.message.id)
            world.held[which].append(delivery)
        case 9...11:
            guard !world.held[which].isEmpty else { return }
            let delivery = world.held[which].remove(at: world.random.next(below: world.held[which].count))
            let verdict = world.verdict()
            try await bus.settle(delivery, as: verdict)
            world.model.settle(delivery.message.id, as: verdict, at: world.clock.now)
            world.settled.append(delivery)
        case 12:
            // A receipt of the past must change nothing.
            guard let old = world.settled.randomElement(using: &world.random) else { return }
            try await bus.settle(old, as: world.verdict())
        case 13:
            let id = world.someID()
            #expect(try await bus.cancel(id, on: .answer) == world.model.cancel(id))
        default:
            let id = world.someID()
            #expect(try await bus.replay(id, on: .answer) == world.model.replay(id))
            world.clock.advance(.seconds(world.random.next(below: 3)))
        }
    }

    /// Ends one of the buses and opens another, which takes back what the first held.
    private func restart(_ which: Int, _ world: inout World) throws {
        world.buses.remove(at: which)
        world.model.lose(world.held[which].map(\.message.id))
        world.settled += world.held[which]
        world.held[which] = []
        world.buses.insert(try world.open(), at: which)
    }
}
