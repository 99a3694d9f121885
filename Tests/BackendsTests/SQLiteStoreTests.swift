import Backends
import FoundationEssentials
import Hearth
import HearthTesting
import Logging
import Testing

@Suite("The SQLite task bus")
struct SQLiteTaskBusTests {
    private typealias Behaviour = @Sendable (TaskBusConformance) async throws -> Void

    private static let behaviours: [(String, Behaviour)] = [
        ("carriesATask", { try await $0.carriesATask() }), ("wakesWhoeverWaits", { try await $0.wakesWhoeverWaits() }),
        ("stopsWaiting", { try await $0.stopsWaiting() }), ("separatesTopics", { try await $0.separatesTopics() }),
        ("ordersByPriorityThenAge", { try await $0.ordersByPriorityThenAge() }),
        ("publishesOnce", { try await $0.publishesOnce() }),
        ("keepsOrderWithinAKey", { try await $0.keepsOrderWithinAKey() }),
        ("retriesAfterTheDelay", { try await $0.retriesAfterTheDelay() }), ("handsBack", { try await $0.handsBack() }),
        ("ignoresOldReceipts", { try await $0.ignoresOldReceipts() }), ("delays", { try await $0.delays() }),
        ("marksTheExpired", { try await $0.marksTheExpired() }),
        ("keepsAndReplaysTheDead", { try await $0.keepsAndReplaysTheDead() }), ("cancels", { try await $0.cancels() }),
        ("neverHandsOutTwice", { try await $0.neverHandsOutTwice() }), ("carriesReplies", { try await $0.carriesReplies() }),
    ]

    @Test("it does what every bus does", arguments: behaviours.map(\.0), [true, false])
    func conformance(name: String, fsync: Bool) async throws {
        let behaviour = try #require(Self.behaviours.first { $0.0 == name }?.1)
        try await withTemporaryFolder { folder in
            let clock = ManualClock()
            let store = try SQLiteStore.open(directory: folder, fsync: fsync, logger: .test, now: { clock.now })
            try await behaviour(TaskBusConformance(try SQLiteTaskBus(store), advance: { clock.advance($0) }))
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

    @Test("what another process publishes is noticed")
    func noticesOthers() async throws {
        try await withTemporaryFolder { folder in
            let here = try SQLiteTaskBus(try SQLiteStore.open(directory: folder, fsync: false, logger: .test))
            let there = try SQLiteTaskBus(try SQLiteStore.open(directory: folder, fsync: false, logger: .test))
            async let waiting = here.claim(.answer)
            try await there.publish([TaskMessage(id: "a", topic: .answer, payload: Data())])
            #expect(try await waiting.message.id == "a")
        }
    }

    @Test("random work against a simple model", arguments: [UInt64(1), 2, 3, 4])
    func model(seed: UInt64) async throws {
        try await withTemporaryFolder { folder in
            let clock = ManualClock()
            let store = try SQLiteStore.open(directory: folder, fsync: false, logger: .test, now: { clock.now })
            let bus = try SQLiteTaskBus(store)
            var random = SeededRandom(seed: seed)
            var open: Set<String> = []
            var held: [TaskDelivery] = []
            var dead: Set<String> = []
            var counter = 0
            for _ in 0..<150 {
                switch random.next(below: 6) {
                case 0, 1:
                    counter += 1
                    let key = random.next(below: 3) == 0 ? "k\(random.next(below: 3))" : nil
                    let message = TaskMessage(
                        id: "t\(counter)", topic: .answer, priority: random.next(below: 2) == 0 ? .batch : .interactive,
                        orderingKey: key, payload: Data())
                    try await bus.publish([message])
                    open.insert(message.id)
                case 2, 3:
                    guard try await bus.backlog(of: .answer).ready > 0 else { continue }
                    let delivery = try await bus.claim(.answer)
                    #expect(open.remove(delivery.message.id) != nil)
                    if let key = delivery.message.orderingKey {
                        #expect(!held.contains { $0.message.orderingKey == key })
                    }
                    held.append(delivery)
                case 4:
                    guard !held.isEmpty else { continue }
                    let delivery = held.remove(at: random.next(below: held.count))
                    switch random.next(below: 4) {
                    case 0: try await bus.settle(delivery, as: .done)
                    case 1:
                        try await bus.settle(delivery, as: .retry(after: .seconds(1), reason: ""))
                        open.insert(delivery.message.id)
                    case 2:
                        try await bus.settle(delivery, as: .deadLetter(reason: ""))
                        dead.insert(delivery.message.id)
                    default:
                        try await bus.settle(delivery, as: .abandoned)
                        open.insert(delivery.message.id)
                    }
                default:
                    clock.advance(.seconds(2))
                    if let id = dead.randomElement(using: &random), try await bus.replay(id, on: .answer) {
                        dead.remove(id)
                        open.insert(id)
                    }
                }
                let backlog = try await bus.backlog(of: .answer)
                #expect(backlog.ready + backlog.waiting == open.count)
                #expect(backlog.inFlight == held.count && backlog.deadLetters == dead.count)
            }
        }
    }
}

@Suite("The SQLite ledger")
struct SQLiteTaskLedgerTests {
    private static let behaviours: [(String, @Sendable (TaskLedgerConformance) async throws -> Void)] = [
        ("livesItsLife", { try await $0.livesItsLife() }), ("fencesOldAttempts", { try await $0.fencesOldAttempts() }),
        ("keepsSequence", { try await $0.keepsSequence() }), ("appendsAllOrNone", { try await $0.appendsAllOrNone() }),
        ("findsRepetitions", { try await $0.findsRepetitions() }),
        ("remembersTheUnpublished", { try await $0.remembersTheUnpublished() }), ("cancels", { try await $0.cancels() }),
        ("reopens", { try await $0.reopens() }), ("lists", { try await $0.lists() }),
        ("knowsWhatItDoesNotKnow", { try await $0.knowsWhatItDoesNotKnow() }),
    ]

    @Test("it does what every ledger does", arguments: behaviours.map(\.0))
    func conformance(name: String) async throws {
        let behaviour = try #require(Self.behaviours.first { $0.0 == name }?.1)
        try await withTemporaryFolder { folder in
            let store = try SQLiteStore.open(directory: folder, fsync: false, logger: .test)
            try await behaviour(TaskLedgerConformance(SQLiteTaskLedger(store)))
        }
    }

    @Test("many writers at the same time lose nothing")
    func groupCommit() async throws {
        try await withTemporaryFolder { folder in
            let ledger = SQLiteTaskLedger(try SQLiteStore.open(directory: folder, fsync: true, logger: .test))
            let tasks = (0..<100).map { _ in
                AnswerTask(
                    id: .next(), question: Question(projectID: nil, sessionID: .next(), messages: [], model: "m"),
                    replyTo: .unique(), owner: "local", deadline: Date())
            }
            try await withThrowingTaskGroup(of: Void.self) { group in
                for task in tasks {
                    group.addTask {
                        let outcome = try await ledger.record(task, deduplicatingWithin: 1)
                        #expect(outcome == .recorded)
                    }
                }
                try await group.waitForAll()
            }
            // One that fails must not take the others of its transaction with it.
            try await withThrowingTaskGroup(of: Void.self) { group in
                for (offset, task) in tasks.enumerated() {
                    group.addTask {
                        if offset.isMultiple(of: 2) {
                            try await ledger.markPublished(task.id)
                        } else {
                            await #expect(throws: (any Error).self) {
                                _ = try await ledger.record(task, deduplicatingWithin: 0)
                            }
                        }
                    }
                }
                try await group.waitForAll()
            }
            #expect(try await ledger.unpublished(before: .distantFuture, limit: 1_000).count == 50)
        }
    }
}

@Suite("The SQLite timeline")
struct SQLiteTimelineTests {
    private static let behaviours: [(String, @Sendable (TimelineConformance) async throws -> Void)] = [
        ("keepsProjects", { try await $0.keepsProjects() }), ("keepsMessagesInOrder", { try await $0.keepsMessagesInOrder() }),
        ("findsByHead", { try await $0.findsByHead() }), ("listsSessions", { try await $0.listsSessions() }),
        ("deletes", { try await $0.deletes() }),
    ]

    @Test("it does what every timeline does", arguments: behaviours.map(\.0))
    func conformance(name: String) async throws {
        let behaviour = try #require(Self.behaviours.first { $0.0 == name }?.1)
        try await withTemporaryFolder { folder in
            let store = try SQLiteStore.open(directory: folder, fsync: false, logger: .test)
            try await behaviour(TimelineConformance(SQLiteTimeline(store)))
        }
    }

    @Test("a damaged file is named as such, with what to do")
    func damaged() async throws {
        try await withTemporaryFolder { folder in
            try Data("this is no database, but long enough to look at".utf8).write(to: URL(filePath: folder + "/hearth.sqlite"))
            let error = #expect(throws: StoreError.self) {
                try SQLiteStore.open(directory: folder, fsync: false, logger: .test)
            }
            #expect(error?.code == .corrupt && error?.isRetriable == false)
        }
    }
}
