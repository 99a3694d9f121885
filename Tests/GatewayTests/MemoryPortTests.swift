import Hearth
import HearthTesting
import Testing

@Suite("Ports in memory")
struct MemoryPortTests {
    private typealias Bus = @Sendable (TaskBusConformance) async throws -> Void

    private static let busBehaviours: [(String, Bus)] = [
        ("carriesATask", { try await $0.carriesATask() }), ("wakesWhoeverWaits", { try await $0.wakesWhoeverWaits() }),
        ("stopsWaiting", { try await $0.stopsWaiting() }), ("separatesTopics", { try await $0.separatesTopics() }),
        ("ordersByPriorityThenAge", { try await $0.ordersByPriorityThenAge() }),
        ("publishesOnce", { try await $0.publishesOnce() }),
        ("keepsOrderWithinAKey", { try await $0.keepsOrderWithinAKey() }),
        ("retriesAfterTheDelay", { try await $0.retriesAfterTheDelay() }),
        ("handsBack", { try await $0.handsBack() }), ("ignoresOldReceipts", { try await $0.ignoresOldReceipts() }),
        ("delays", { try await $0.delays() }), ("marksTheExpired", { try await $0.marksTheExpired() }),
        ("keepsAndReplaysTheDead", { try await $0.keepsAndReplaysTheDead() }), ("cancels", { try await $0.cancels() }),
        ("neverHandsOutTwice", { try await $0.neverHandsOutTwice() }),
        ("carriesReplies", { try await $0.carriesReplies() }),
    ]

    @Test("the bus does what every bus does", .timeLimit(.minutes(1)), arguments: busBehaviours.map(\.0))
    func bus(name: String) async throws {
        let behaviour = try #require(Self.busBehaviours.first { $0.0 == name }).1
        let clock = ManualClock()
        try await behaviour(TaskBusConformance(MemoryTaskBus(clock: { clock.now }), advance: { clock.advance($0) }))
    }

    private typealias Ledger = @Sendable (TaskLedgerConformance) async throws -> Void

    private static let ledgerBehaviours: [(String, Ledger)] = [
        ("livesItsLife", { try await $0.livesItsLife() }), ("fencesOldAttempts", { try await $0.fencesOldAttempts() }),
        ("keepsSequence", { try await $0.keepsSequence() }), ("appendsAllOrNone", { try await $0.appendsAllOrNone() }),
        ("findsRepetitions", { try await $0.findsRepetitions() }),
        ("remembersTheUnpublished", { try await $0.remembersTheUnpublished() }),
        ("cancels", { try await $0.cancels() }), ("reopens", { try await $0.reopens() }),
        ("lists", { try await $0.lists() }),
        ("knowsWhatItDoesNotKnow", { try await $0.knowsWhatItDoesNotKnow() }),
    ]

    @Test("the ledger does what every ledger does", arguments: ledgerBehaviours.map(\.0))
    func ledger(name: String) async throws {
        let behaviour = try #require(Self.ledgerBehaviours.first { $0.0 == name }).1
        try await behaviour(TaskLedgerConformance(MemoryTaskLedger()))
    }

    private typealias Kept = @Sendable (TimelineConformance) async throws -> Void

    private static let timelineBehaviours: [(String, Kept)] = [
        ("keepsProjects", { try await $0.keepsProjects() }),
        ("keepsMessagesInOrder", { try await $0.keepsMessagesInOrder() }),
        ("findsByHead", { try await $0.findsByHead() }), ("listsSessions", { try await $0.listsSessions() }),
        ("deletes", { try await $0.deletes() }),
    ]

    @Test("the timeline does what every timeline does", arguments: timelineBehaviours.map(\.0))
    func timeline(name: String) async throws {
        let behaviour = try #require(Self.timelineBehaviours.first { $0.0 == name }).1
        try await behaviour(TimelineConformance(MemoryTimeline()))
    }
}
