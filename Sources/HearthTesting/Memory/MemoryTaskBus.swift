public import FoundationEssentials
public import Hearth

/// A bus in memory: the contract, and nothing that outlives the process.
public actor MemoryTaskBus: TaskBus {
    private struct Entry {
        var message: TaskMessage
        let position: Int
        let publishedAt: Date
        var deliveryCount = 0
        var receipt: String?
        var death: (reason: String, at: Date)?

        func isSame(_ topic: TaskTopic, _ id: String) -> Bool { message.topic == topic && message.id == id }
    }

    private struct Waiter {
        let id: Int
        let continuation: CheckedContinuation<Void, Never>
    }

    private let clock: @Sendable () -> Date
    private var entries: [Entry] = []
    private var counter = 0
    private var waiters: [Waiter] = []
    private var gateways: [GatewayID: AsyncStream<ReplyEvent>.Continuation] = [:]
    /// Thrown by everything that can throw while it is set: a bus that is away.
    private var failure: TaskBusError?

    public init(clock: @escaping @Sendable () -> Date = { Date() }) { self.clock = clock }

    /// Makes every call fail with `error`, or work again.
    public func fail(with error: TaskBusError?) {
        failure = error
        wake()
    }

    public func publish(_ messages: [TaskMessage]) async throws {
        try check()
        for message in messages where !entries.contains(where: { $0.isSame(message.topic, message.id) }) {
            counter += 1
            entries.append(Entry(message: message, position: counter, publishedAt: clock()))
        }
        wake()
    }

    public func claim(_ topic: TaskTopic) async throws -> TaskDelivery {
        while true {
            try Task.checkCancellation()
            try check()
            if let delivery = take(topic) { return delivery }
            if entries.contains(where: { $0.message.topic == topic && $0.message.notBefore != nil }) {
                // check: allow sleep because nothing tells when a delay is over
                try await Task.sleep(for: .milliseconds(5))
            } else {
                await sleepUntilWoken()
            }
        }
    }

    public func settle(_ delivery: TaskDelivery, as verdict: TaskVerdict) async throws {
        try check()
        guard let index = entries.firstIndex(where: { $0.receipt == delivery.receipt }) else { return }
        entries[index].receipt = nil
        switch verdict {
        case .done: entries.remove(at: index)
        case .retry(let delay, _):
            entries[index].message.notBefore = clock().addingTimeInterval(delay / .seconds(1))
        case .deadLetter(let reason): entries[index].death = (reason, clock())
        case .abandoned: entries[index].deliveryCount -= 1
        }
        wake()
    }

    public func cancel(_ id: String, on topic: TaskTopic) async throws -> Bool {
        try check()
        let found = entries.firstIndex { $0.isSame(topic, id) && $0.receipt == nil && $0.death == nil }
        guard let found else { return false }
        entries.remove(at: found)
        wake()
        return true
    }

    public func backlog(of topic: TaskTopic) async throws -> TaskBacklog {
        try check()
        let mine = entries.filter { $0.message.topic == topic }
        let alive = mine.filter { $0.death == nil }
        let ready = alive.filter(isReady)
        let inFlight = alive.count { $0.receipt != nil }
        let oldest = ready.map(\.publishedAt).min()
        return TaskBacklog(
            ready: ready.count, waiting: alive.count - ready.count - inFlight, inFlight: inFlight,
            deadLetters: mine.count - alive.count,
            oldestReadyAge: oldest.map { max(0, clock().timeIntervalSince($0)) } ?? 0)
    }

    public func deadLetters(on topic: TaskTopic, limit: Int) async throws -> [DeadLetter] {
        try check()
        let dead = entries.compactMap { entry -> DeadLetter? in
            guard entry.message.topic == topic, let death = entry.death else { return nil }
            return DeadLetter(
                message: entry.message, reason: death.reason, deliveryCount: entry.deliveryCount, diedAt: death.at)
        }
        return Array(dead.sorted { $0.diedAt > $1.diedAt }.prefix(limit))
    }

    public func replay(_ id: String, on topic: TaskTopic) async throws -> Bool {
        try check()
        guard let index = entries.firstIndex(where: { $0.isSame(topic, id) && $0.death != nil }) else { return false }
        entries[index].death = nil
        entries[index].deliveryCount = 0
        entries[index].message.notBefore = nil
        entries[index].message.expiresAt = nil
        wake()
        return true
    }

    public func send(_ events: [ReplyEvent], to gateway: GatewayID) async {
        for event in events { gateways[gateway]?.yield(event) }
    }

    public func replies(to gateway: GatewayID) async throws -> any AsyncSequence<ReplyEvent, Never> & Sendable {
        try check()
        let (stream, continuation) = AsyncStream.makeStream(
            of: ReplyEvent.self, bufferingPolicy: .bufferingNewest(4096))
        gateways.updateValue(continuation, forKey: gateway)?.finish()
        return stream
    }

    private func check() throws { if let failure { throw failure } }

    private func take(_ topic: TaskTopic) -> TaskDelivery? {
        let open = entries.indices.filter { entries[$0].message.topic == topic && entries[$0].receipt == nil }
        let ordered = open.sorted { left, right in
            let (left, right) = (entries[left], entries[right])
            return left.message.priority != right.message.priority
                ? left.message.priority > right.message.priority : left.position < right.position
        }
        guard let first = ordered.first(where: { isReady(entries[$0]) }) else { return nil }
        let receipt = GatewayID.unique().rawValue
        entries[first].receipt = receipt
        entries[first].deliveryCount += 1
        let entry = entries[first]
        return TaskDelivery(
            message: entry.message, receipt: receipt, deliveryCount: entry.deliveryCount,
            publishedAt: entry.publishedAt, isExpired: entry.message.expiresAt.map { $0 <= clock() } ?? false)
    }

    private func isReady(_ entry: Entry) -> Bool {
        guard entry.receipt == nil, entry.death == nil, (entry.message.notBefore ?? .distantPast) <= clock() else {
            return false
        }
        guard let key = entry.message.orderingKey else { return true }
        return !entries.contains { other in
            other.message.topic == entry.message.topic && other.message.orderingKey == key && other.death == nil
                && other.position < entry.position
        }
    }

    private func wake() {
        for waiter in waiters { waiter.continuation.resume() }
        waiters = []
    }

    private func sleepUntilWoken() async {
        counter += 1
        let id = counter
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                if Task.isCancelled {
                    continuation.resume()
                } else {
                    waiters.append(Waiter(id: id, continuation: continuation))
                }
            }
        } onCancel: {
            // check: allow task because a cancellation handler cannot wait for the actor
            Task { await self.wake(id) }
        }
    }

    private func wake(_ id: Int) {
        guard let index = waiters.firstIndex(where: { $0.id == id }) else { return }
        waiters.remove(at: index).continuation.resume()
    }
}
