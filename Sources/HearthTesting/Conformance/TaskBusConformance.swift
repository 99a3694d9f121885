public import Hearth
import FoundationEssentials
import Testing

/// What every ``TaskBus`` does. Each method is one behaviour, run against a fresh bus.
///
/// Deliveries are awaited, never slept for; what depends on time is moved by `advance`.
public struct TaskBusConformance: Sendable {
    private let bus: any TaskBus
    private let advance: @Sendable (Duration) -> Void

    /// - Parameters:
    ///   - bus: fresh and empty.
    ///   - advance: moves the bus's clock.
    public init(_ bus: any TaskBus, advance: @escaping @Sendable (Duration) -> Void) {
        self.bus = bus
        self.advance = advance
    }

    private func message(
        _ id: String,
        priority: TaskPriority = .batch,
        key: String? = nil,
        notBefore: Date? = nil,
        expiresAt: Date? = nil
    ) -> TaskMessage {
        TaskMessage(
            id: id, topic: .answer, priority: priority, orderingKey: key, notBefore: notBefore, expiresAt: expiresAt,
            properties: ["traceparent": "00-\(id)"], payload: Data(id.utf8))
    }

    private func claimIDs(_ count: Int, settling verdict: TaskVerdict = .done) async throws -> [String] {
        var ids: [String] = []
        for _ in 0..<count {
            let delivery = try await bus.claim(.answer)
            ids.append(delivery.message.id)
            try await bus.settle(delivery, as: verdict)
        }
        return ids
    }

    /// A task comes out as it went in, once.
    public func carriesATask() async throws {
        let sent = message("a", priority: .interactive, key: "k")
        try await bus.publish([sent])
        let delivery = try await bus.claim(.answer)
        #expect(delivery.message == sent)
        #expect(delivery.deliveryCount == 1 && !delivery.isExpired)
        #expect(try await bus.backlog(of: .answer).inFlight == 1)
        try await bus.settle(delivery, as: .done)
        #expect(try await bus.backlog(of: .answer) == TaskBacklog())
    }

    /// Whoever waits gets what is published later.
    public func wakesWhoeverWaits() async throws {
        async let waiting = bus.claim(.answer)
        try await bus.publish([message("late")])
        #expect(try await waiting.message.id == "late")
    }

    /// Waiting ends when its task is cancelled, and takes nothing with it.
    public func stopsWaiting() async throws {
        let bus = bus
        // check: allow task because cancellation from outside is what is tested
        let waiting = Task { try await bus.claim(.answer) }
        waiting.cancel()
        await #expect(throws: CancellationError.self) { try await waiting.value }
        try await bus.publish([message("kept")])
        #expect(try await claimIDs(1) == ["kept"])
    }

    /// Topics do not mix.
    public func separatesTopics() async throws {
        try await bus.publish([TaskMessage(id: "i", topic: .ingest, payload: Data()), message("a")])
        #expect(try await claimIDs(1) == ["a"])
        #expect(try await bus.claim(.ingest).message.id == "i")
    }

    /// Interactive goes before batch, older before younger.
    public func ordersByPriorityThenAge() async throws {
        try await bus.publish([message("b1"), message("b2"), message("i1", priority: .interactive)])
        try await bus.publish([message("i2", priority: .interactive)])
        #expect(try await claimIDs(4) == ["i1", "i2", "b1", "b2"])
    }

    /// The same id is one task, on the bus and among the dead.
    public func publishesOnce() async throws {
        try await bus.publish([message("a"), message("a")])
        try await bus.publish([message("a")])
        #expect(try await bus.backlog(of: .answer).ready == 1)
        let delivery = try await bus.claim(.answer)
        try await bus.publish([message("a")])
        try await bus.settle(delivery, as: .deadLetter(reason: "poison"))
        try await bus.publish([message("a")])
        #expect(try await bus.backlog(of: .answer) == TaskBacklog(deadLetters: 1))
    }

    /// Tasks of one key are done one after the other, retries included; other keys pass by.
    public func keepsOrderWithinAKey() async throws {
        try await bus.publish([message("s1", key: "s"), message("s2", key: "s"), message("t1", key: "t")])
        let first = try await bus.claim(.answer)
        #expect(first.message.id == "s1")
        let other = try await bus.claim(.answer)
        #expect(other.message.id == "t1")
        #expect(try await bus.backlog(of: .answer).ready == 0)
        try await bus.settle(first, as: .retry(after: .seconds(5), reason: "again"))
        #expect(try await bus.backlog(of: .answer).ready == 0)
        advance(.seconds(6))
        #expect(try await claimIDs(2) == ["s1", "s2"])
    }

    /// A retry comes back after its delay, with a higher count.
    public func retriesAfterTheDelay() async throws {
        try await bus.publish([message("a")])
        try await bus.settle(try await bus.claim(.answer), as: .retry(after: .seconds(30), reason: "busy"))
        #expect(try await bus.backlog(of: .answer).waiting == 1)
        advance(.seconds(31))
        let again = try await bus.claim(.answer)
        #expect(again.deliveryCount == 2)
    }

    /// A task that is handed back is ready at once and has lost nothing.
    public func handsBack() async throws {
        try await bus.publish([message("a")])
        try await bus.settle(try await bus.claim(.answer), as: .abandoned)
        #expect(try await bus.claim(.answer).deliveryCount == 1)
    }

    /// Only the delivery that holds the task settles it.
    public func ignoresOldReceipts() async throws {
        try await bus.publish([message("a")])
        let old = try await bus.claim(.answer)
        try await bus.settle(old, as: .abandoned)
        let current = try await bus.claim(.answer)
        try await bus.settle(old, as: .done)
        #expect(try await bus.backlog(of: .answer).inFlight == 1)
        try await bus.settle(current, as: .done)
        #expect(try await bus.backlog(of: .answer) == TaskBacklog())
    }

    /// Nothing comes before its time.
    public func delays() async throws {
        try await bus.publish([message("later", notBefore: Date().addingTimeInterval(60)), message("now")])
        #expect(try await claimIDs(1) == ["now"])
        #expect(try await bus.backlog(of: .answer).waiting == 1)
        advance(.seconds(61))
        #expect(try await claimIDs(1) == ["later"])
    }

    /// What is too old is handed out as such, never dropped.
    public func marksTheExpired() async throws {
        try await bus.publish([message("old", expiresAt: Date().addingTimeInterval(10))])
        advance(.seconds(11))
        #expect(try await bus.claim(.answer).isExpired)
    }

    /// Dead letters are listed with their reason and can be put back to work.
    public func keepsAndReplaysTheDead() async throws {
        try await bus.publish([message("a"), message("b")])
        try await bus.settle(try await bus.claim(.answer), as: .deadLetter(reason: "poison"))
        let dead = try await bus.deadLetters(on: .answer, limit: 10)
        #expect(dead.map(\.message.id) == ["a"] && dead.map(\.reason) == ["poison"] && dead.map(\.deliveryCount) == [1])
        #expect(try await bus.replay("unknown", on: .answer) == false)
        #expect(try await bus.replay("a", on: .answer))
        #expect(try await bus.deadLetters(on: .answer, limit: 10).isEmpty)
        #expect(Set(try await claimIDs(2)) == ["a", "b"])
    }

    /// Only what nobody holds can be cancelled.
    public func cancels() async throws {
        try await bus.publish([message("a"), message("b")])
        let held = try await bus.claim(.answer)
        #expect(try await bus.cancel(held.message.id, on: .answer) == false)
        #expect(try await bus.cancel("b", on: .answer))
        #expect(try await bus.cancel("unknown", on: .answer) == false)
        try await bus.settle(held, as: .done)
        #expect(try await bus.backlog(of: .answer) == TaskBacklog())
    }

    /// Many who take at the same time never take the same.
    public func neverHandsOutTwice() async throws {
        let bus = bus
        try await bus.publish((0..<60).map { message("t\($0)") })
        let ids = try await withThrowingTaskGroup(of: [String].self) { group in
            for _ in 0..<6 {
                group.addTask {
                    var ids: [String] = []
                    for _ in 0..<10 {
                        let delivery = try await bus.claim(.answer)
                        ids.append(delivery.message.id)
                        try await bus.settle(delivery, as: .done)
                    }
                    return ids
                }
            }
            return try await group.reduce(into: []) { $0 += $1 }
        }
        #expect(Set(ids).count == 60 && ids.count == 60)
    }

    /// Replies reach the gateway that they are sent to, in order.
    public func carriesReplies() async throws {
        let gateway = GatewayID.unique()
        let stream = try await bus.replies(to: gateway)
        let id = CorrelationID.next()
        let events = (1...3).map { ReplyEvent(correlationID: id, attempt: 1, sequence: $0, kind: .text("\($0)")) }
        await bus.send(events, to: .unique())
        await bus.send(Array(events.prefix(2)), to: gateway)
        await bus.send(Array(events.suffix(1)), to: gateway)
        var received: [ReplyEvent] = []
        for await event in stream {
            received.append(event)
            if received.count == 3 { break }
        }
        #expect(received == events)
    }
}
