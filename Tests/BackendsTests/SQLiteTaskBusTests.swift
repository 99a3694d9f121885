import Backends
import FoundationEssentials
import Hearth
import HearthTesting
import Logging
import Testing

@Suite("The SQLite task bus", .timeLimit(.minutes(2)))
struct SQLiteTaskBusTests {
    @Test("it does what every bus does", arguments: TaskBusConformance.behaviours, [true, false])
    func conformance(behaviour: Behaviour<TaskBusConformance>, fsync: Bool) async throws {
        try await withTemporaryFolder { folder in
            let clock = ManualClock()
            let store = try SQLiteStore.open(directory: folder, fsync: fsync, logger: .test, now: { clock.now })
            try await behaviour.run(TaskBusConformance(try SQLiteTaskBus(store), advance: { clock.advance($0) }))
        }
    }

    @Test("two buses on one file are one bus", arguments: TaskBusConformance.behaviours)
    func sharing(behaviour: Behaviour<TaskBusConformance>) async throws {
        try await withTemporaryFolder { folder in
            let clock = ManualClock()
            let here = try SQLiteStore.open(directory: folder, fsync: false, logger: .test, now: { clock.now })
            let there = try SQLiteStore.open(directory: folder, fsync: false, logger: .test, now: { clock.now })
            try await behaviour.run(
                TaskBusConformance(
                    try SQLiteTaskBus(here), worker: try SQLiteTaskBus(there), advance: { clock.advance($0) }))
        }
    }

    @Test("a task is taken by one of two buses on one file, and comes back when its bus is gone")
    func survivesItsOwner() async throws {
        try await withTemporaryFolder { folder in
            let store = try SQLiteStore.open(directory: folder, fsync: false, logger: .test)
            let survivor = try SQLiteTaskBus(store)
            do {
                let doomed = try SQLiteTaskBus(try SQLiteStore.open(directory: folder, fsync: false, logger: .test))
                try await survivor.publish([TaskMessage(id: "a", topic: .answer, payload: Data())])
                #expect(try await doomed.claim(.answer).deliveryCount == 1)
                #expect(try await survivor.backlog(of: .answer).inFlight == 1)
            }
            let again = try await survivor.claim(.answer)
            #expect(again.message.id == "a" && again.deliveryCount == 2)
        }
    }

    @Test("a claimer that is never idle takes back what a dead bus held, too")
    func rescuesUnderLoad() async throws {
        try await withTemporaryFolder { folder in
            let busy = try SQLiteTaskBus(try SQLiteStore.open(directory: folder, fsync: false, logger: .test))
            do {
                let doomed = try SQLiteTaskBus(try SQLiteStore.open(directory: folder, fsync: false, logger: .test))
                try await busy.publish([TaskMessage(id: "lost", topic: .answer, payload: Data())])
                _ = try await doomed.claim(.answer)
            }
            let end = ContinuousClock.now + .seconds(20)
            var found = false
            var counter = 0
            while !found, ContinuousClock.now < end {
                counter += 1
                try await busy.publish([TaskMessage(id: "t\(counter)", topic: .answer, payload: Data())])
                let delivery = try await busy.claim(.answer)
                found = delivery.message.id == "lost"
                try await busy.settle(delivery, as: .done)
            }
            #expect(found)
        }
    }

    @Test("the files of dead owners are removed, those of the living are not")
    func tidiesUp() async throws {
        try await withTemporaryFolder { folder in
            let store = try SQLiteStore.open(directory: folder, fsync: false, logger: .test)
            let living = try SQLiteTaskBus(store)
            let owners = folder + "/owners"
            try Data().write(to: URL(filePath: owners + "/long-gone.lock"))
            let next = try SQLiteTaskBus(store)
            let files = try FileManager.default.contentsOfDirectory(atPath: owners)
            #expect(files.count == 2 && !files.contains("long-gone.lock"))
            try await living.publish([TaskMessage(id: "a", topic: .answer, payload: Data())])
            #expect(try await next.claim(.answer).message.id == "a")
        }
    }

    @Test("a reader that is too slow loses the oldest replies and no others")
    func dropsTheOldest() async throws {
        try await withTemporaryFolder { folder in
            let bus = try SQLiteTaskBus(try SQLiteStore.open(directory: folder, fsync: false, logger: .test))
            let (gateway, id) = (GatewayID.unique(), CorrelationID.next())
            let stream = try await bus.replies(to: gateway)
            let sent = (1...10_000).map { ReplyEvent(correlationID: id, attempt: 1, sequence: $0, kind: .text("x")) }
            await bus.send(sent, to: gateway)
            var received: [Int] = []
            for await event in stream {
                received.append(event.sequence)
                if event.sequence == 10_000 { break }
            }
            #expect(received == Array(5_905...10_000))
        }
    }
}
