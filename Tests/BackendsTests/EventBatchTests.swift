import FoundationEssentials
import Hearth
import HearthTesting
import Testing

@testable import Backends

@Suite("Appends that are committed together")
struct EventBatchTests {
    private let id = CorrelationID.next()
    private let going = AppendOutcome.appended(isCancellationRequested: false)

    private func batch(attempt: Int = 1, last: Int = 0, status: TaskStatus = .running) -> EventBatch {
        EventBatch([
            id: EventBatch.Answer(
                createdAt: Date(timeIntervalSince1970: 0), status: status, attempt: attempt, lastSequence: last,
                isCancellationRequested: false)
        ])
    }

    private func event(_ attempt: Int, _ sequence: Int, _ kind: ReplyEvent.Kind = .text("x")) -> ReplyEvent {
        ReplyEvent(correlationID: id, attempt: attempt, sequence: sequence, kind: kind)
    }

    private func outcome(_ result: Result<AppendOutcome, StoreError>) -> AppendOutcome? { try? result.get() }

    @Test("one append follows the other, also when it repeats it, and what comes after the end is stale")
    func follows() {
        var batch = batch()
        #expect(outcome(batch.add([event(1, 1), event(1, 2)])) == going)
        #expect(outcome(batch.add([event(1, 2), event(1, 3)])) == going)
        #expect(outcome(batch.add([event(1, 4, .cancelled)])) == going)
        #expect(outcome(batch.add([event(1, 5)])) == .stale)
        #expect(batch.events.map(\.sequence) == [1, 2, 3, 4])
        #expect(batch.answers[id]?.status == .cancelled && batch.answers[id]?.lastSequence == 4)
    }

    @Test("an append that fails in its middle leaves nothing, and those beside it stay")
    func allOrNone() {
        var batch = batch()
        #expect(outcome(batch.add([event(1, 1)])) == going)
        #expect(outcome(batch.add([event(1, 2), event(1, 4)])) == nil)
        #expect(outcome(batch.add([event(1, 2), event(2, 3)])) == .stale)
        #expect(outcome(batch.add([event(1, 2)])) == going)
        #expect(batch.events.map(\.sequence) == [1, 2])
    }

    @Test("what is in the table already counts for the attempt that wrote it, and for no other")
    func repeated() {
        var batch = batch(attempt: 2, last: 2)
        let appends = [[event(2, 1)], [event(2, 2)], [event(2, 3)]]
        let places = batch.repeated(in: appends)
        #expect(places.map(\.sequence) == [1, 2])
        batch.know(places[0], writer: 1)
        batch.know(places[1], writer: 2)
        #expect(appends.map { outcome(batch.add($0)) } == [.stale, going, going])
        #expect(batch.events.map(\.sequence) == [3])
    }

    @Test("writes that arrive together share a batch; if it fails, only those that cannot succeed do")
    func gatherer() async throws {
        struct Odd: Error {}
        let (begun, release) = (TestSignal(), TestSignal())
        let gatherer = WriteGatherer<Int, Int>(limit: 4) { numbers in
            begun.fire()
            try await release.wait()
            if numbers.contains(13) { throw Odd() }
            return numbers.map { $0 * 100 + numbers.count }
        }
        let results = await withTaskGroup(of: (Int, Int).self) { group in
            group.addTask { (0, (try? await gatherer.write(0)) ?? -1) }
            try? await begun.wait()
            for number in 11...14 { group.addTask { (number, (try? await gatherer.write(number)) ?? -1) } }
            while gatherer.waiting < 4 { await Task.yield() }
            release.fire()
            return await group.reduce(into: [:]) { $0[$1.0] = $1.1 }
        }
        #expect(results == [0: 1, 11: 1101, 12: 1201, 13: -1, 14: 1401])
        // One alone, four together, and the four one by one.
        #expect(begun.count == 6)
    }
}
