import Hearth
import HearthTesting
import Testing

@Suite("Ports in memory", .timeLimit(.minutes(1)))
struct MemoryPortTests {
    @Test("the bus does what every bus does", arguments: TaskBusConformance.behaviours)
    func bus(behaviour: Behaviour<TaskBusConformance>) async throws {
        let clock = ManualClock()
        try await behaviour.run(
            TaskBusConformance(MemoryTaskBus(clock: { clock.now }), advance: { clock.advance($0) }))
    }

    @Test("the ledger does what every ledger does", arguments: TaskLedgerConformance.behaviours)
    func ledger(behaviour: Behaviour<TaskLedgerConformance>) async throws {
        try await behaviour.run(TaskLedgerConformance(MemoryTaskLedger()))
    }

    @Test("the timeline does what every timeline does", arguments: TimelineConformance.behaviours)
    func timeline(behaviour: Behaviour<TimelineConformance>) async throws {
        try await behaviour.run(TimelineConformance(MemoryTimeline()))
    }
}
