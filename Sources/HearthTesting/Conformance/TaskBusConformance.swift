import FoundationEssentials
public import Hearth
import Testing

/// What every ``TaskBus`` does. Each of the ``behaviours`` is run against a fresh bus.
///
/// Deliveries are awaited, never slept for; what depends on time is moved by `advance`.
public struct TaskBusConformance: Sendable {
    /// Where tasks are published, cancelled and looked at.
    private let bus: any TaskBus
    /// Where they are claimed and settled.
    private let worker: any TaskBus
    private let advance: @Sendable (Duration) async throws -> Void

    /// - Parameters:
    ///   - bus: fresh and empty.
    ///   - worker: another client of the same bus, as another process would be; `nil` to use one for both.
    ///   - advance: moves the bus's clock, which starts at the present; over a server with a clock of its own it waits.
    public init(
        _ bus: any TaskBus,
        worker: (any TaskBus)? = nil,
        advance: @escaping @Sendable (Duration) async throws -> Void
    ) {
        self.bus = bus
        self.worker = worker ?? bus
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
            let delivery = try await worker.claim(.answer)
            ids.append(delivery.message.id)
            try await worker.settle(delivery, as: verdict)
        }
        return ids
    }

    /// A task comes out as it went in, once.
    public func carriesATask() async throws {
        let sent = message("a", priority: .interactive, key: "k")
        try await bus.publish([sent])
        let delivery = try await worker.claim(.answer)
        #expect(delivery.message == sent)
        #expect(delivery.deliveryCount == 1 && !delivery.isExpired)
        #expect(try await bus.backlog(of: .answer).inFlight == 1)
        try await worker.settle(delivery, as: .done)
        #expect(try await bus.backlog(of: .answer) == TaskBacklog())
    }

    /// Whoever waits gets what is published later.
    public func wakesWhoeverWaits() async throws {
        async let waiting = worker.claim(.answer)
        try await bus.publish([message("late")])
        #expect(try await waiting.message.id == "late")
    }

    /// Waiting ends when its task is cancelled, and takes nothing with it.
    public func stopsWaiting() async throws {
        let worker = worker
        // check: allow task because cancellation from outside is what is tested
        let waiting = Task { try await worker.claim(.answer) }
        waiting.cancel()
        await #expect(throws: CancellationError.self) { try await waiting.value }
        try await bus.publish([message("kept")])
        #expect(try await claimIDs(1) == ["kept"])
    }

    /// Topics do not mix.
    public func separatesTopics() async throws {
        try await bus.publish([TaskMessage(id: "i", topic: .ingest, payload: Data()), message("a")])
        #expect(try await claimIDs(1) == ["a"])
        #expect(try await worker.claim(.ingest).message.id == "i")
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
        let delivery = try await worker.claim(.answer)
        try await bus.publish([message("a")])
        try await worker.settle(delivery, as: .deadLetter(reason: "poison"))
        try await bus.publish([message("a")])
        #expect(try await bus.backlog(of: .answer) == TaskBacklog(deadLetters: 1))
    }

    /// Tasks of one key are done one after the other, retries included; other keys pass by.
    public func keepsOrderWithinAKey() async throws {
        try await bus.publish([message("s1", key: "s"), message("s2", key: "s"), message("t1", key: "t")])
        let first = try await worker.claim(.answer)
        #expect(first.message.id == "s1")
        let other = try await worker.claim(.answer)
        #expect(other.message.id == "t1")
        #expect(try await bus.backlog(of: .answer).ready == 0)
        try await worker.settle(first, as: .retry(after: .seconds(3), reason: "again"))
        #expect(try await bus.backlog(of: .answer).ready == 0)
        try await advance(.seconds(4))
        #expect(try await claimIDs(2) == ["s1", "s2"])
    }

    /// What is delayed, or was handed back, still holds those behind it.
    public func keepsOrderBehindTheDelayed() async throws {
        try await bus.publish([
            message("s1", key: "s", notBefore: Date().addingTimeInterval(3)), message("s2", key: "s"),
        ])
        #expect(try await bus.backlog(of: .answer).ready == 0)
        try await advance(.seconds(4))
        let first = try await worker.claim(.answer)
        #expect(first.message.id == "s1")
        try await worker.settle(first, as: .abandoned)
        #expect(try await claimIDs(2) == ["s1", "s2"])
    }

    /// A task that is set aside lets the next of its key pass.
    public func passesTheDead() async throws {
        try await bus.publish([message("s1", key: "s"), message("s2", key: "s")])
        try await worker.settle(try await worker.claim(.answer), as: .deadLetter(reason: "poison"))
        let next = try await worker.claim(.answer)
        #expect(next.message.id == "s2")
        try await worker.settle(next, as: .done)
        #expect(try await bus.replay("s1", on: .answer))
        #expect(try await claimIDs(1) == ["s1"])
    }

    /// A retry comes back after its delay, with a higher count.
    public func retriesAfterTheDelay() async throws {
        try await bus.publish([message("a")])
        try await worker.settle(try await worker.claim(.answer), as: .retry(after: .seconds(3), reason: "busy"))
        #expect(try await bus.backlog(of: .answer).waiting == 1)
        try await advance(.seconds(4))
        let again = try await worker.claim(.answer)
        #expect(again.deliveryCount == 2)
    }

    /// A task that is handed back is ready at once and has lost nothing.
    public func handsBack() async throws {
        try await bus.publish([message("a")])
        try await worker.settle(try await worker.claim(.answer), as: .abandoned)
        #expect(try await worker.claim(.answer).deliveryCount == 1)
    }

    /// Only the delivery that holds the task settles it.
    public func ignoresOldReceipts() async throws {
        try await bus.publish([message("a")])
        let old = try await worker.claim(.answer)
        try await worker.settle(old, as: .abandoned)
        let current = try await worker.claim(.answer)
        try await worker.settle(old, as: .done)
        #expect(try await bus.backlog(of: .answer).inFlight == 1)
        try await worker.settle(current, as: .done)
        #expect(try await bus.backlog(of: .answer) == TaskBacklog())
    }

    /// Nothing comes before its time.
    public func delays() async throws {
        try await bus.publish([message("later", notBefore: Date().addingTimeInterval(3)), message("now")])
        #expect(try await claimIDs(1) == ["now"])
        #expect(try await bus.backlog(of: .answer).waiting == 1)
        try await advance(.seconds(4))
        #expect(try await claimIDs(1) == ["later"])
    }

    /// What is too old is handed out as such, never dropped.
    public func marksTheExpired() async throws {
        try await bus.publish([message("old", expiresAt: Date().addingTimeInterval(3))])
        try await advance(.seconds(4))
        #expect(try await worker.claim(.answer).isExpired)
    }

    /// Dead letters are listed with their reason and can be put back to work.
    public func keepsAndReplaysTheDead() async throws {
        try await bus.publish([message("a", expiresAt: Date().addingTimeInterval(3)), message("b")])
        try await worker.settle(try await worker.claim(.answer), as: .deadLetter(reason: "poison"))
        try await advance(.seconds(4))
        let dead = try await bus.deadLetters(on: .answer, limit: 10)
        #expect(dead.map(\.message.id) == ["a"] && dead.map(\.reason) == ["poison"] && dead.map(\.deliveryCount) == [1])
        #expect(try await bus.replay("unknown", on: .answer) == false)
        #expect(try await bus.replay("a", on: .answer))
        #expect(try await bus.deadLetters(on: .answer, limit: 10).isEmpty)
        for _ in 0..<2 {
            let delivery = try await worker.claim(.answer)
            #expect(["a", "b"].contains(delivery.message.id) && delivery.deliveryCount == 1 && !delivery.isExpired)
            try await worker.settle(delivery, as: .done)
        }
        #expect(try await bus.backlog(of: .answer) == TaskBacklog())
    }

    /// Only what nobody holds can be cancelled.
    public func cancels() async throws {
        try await bus.publish([message("a"), message("b")])
        let held = try await worker.claim(.answer)
        #expect(try await bus.cancel(held.message.id, on: .answer) == false)
        #expect(try await bus.cancel("b", on: .answer))
        #expect(try await bus.cancel("unknown", on: .answer) == false)
        try await worker.settle(held, as: .done)
        #expect(try await bus.backlog(of: .answer) == TaskBacklog())
    }

    /// Many who take at the same time never take the same.
    public func neverHandsOutTwice() async throws {
        let worker = worker
        try await bus.publish((0..<60).map { message("t\($0)") })
        let ids = try await withThrowingTaskGroup(of: [String].self) { group in
            for _ in 0..<6 {
                group.addTask {
                    var ids: [String] = []
                    for _ in 0..<10 {
                        let delivery = try await worker.claim(.answer)
                        ids.append(delivery.message.id)
                        try await worker.settle(delivery, as: .done)
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

extension TaskBusConformance {
    public static let behaviours: [Behaviour<TaskBusConformance>] = [
        Behaviour("carriesATask") { try await $0.carriesATask() },
        Behaviour("wakesWhoeverWaits") { try await $0.wakesWhoeverWaits() },
        Behaviour("stopsWaiting") { try await $0.stopsWaiting() },
        Behaviour("separatesTopics") { try await $0.separatesTopics() },
        Behaviour("ordersByPriorityThenAge") { try await $0.ordersByPriorityThenAge() },
        Behaviour("publishesOnce") { try await $0.publishesOnce() },
        Behaviour("keepsOrderWithinAKey") { try await $0.keepsOrderWithinAKey() },
        Behaviour("keepsOrderBehindTheDelayed") { try await $0.keepsOrderBehindTheDelayed() },
        Behaviour("passesTheDead") { try await $0.passesTheDead() },
        Behaviour("retriesAfterTheDelay") { try await $0.retriesAfterTheDelay() },
        Behaviour("handsBack") { try await $0.handsBack() },
        Behaviour("ignoresOldReceipts") { try await $0.ignoresOldReceipts() },
        Behaviour("delays") { try await $0.delays() },
        Behaviour("marksTheExpired") { try await $0.marksTheExpired() },
        Behaviour("keepsAndReplaysTheDead") { try await $0.keepsAndReplaysTheDead() },
        Behaviour("cancels") { try await $0.cancels() },
        Behaviour("neverHandsOutTwice") { try await $0.neverHandsOutTwice() },
        Behaviour("carriesReplies") { try await $0.carriesReplies() },
    ]
}
