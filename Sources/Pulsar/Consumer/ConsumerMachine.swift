import DequeModule

/// Which messages a consumer has, who waits for one, and how many more the broker may send.
///
/// A pure value over all topics and partitions of a consumer. The broker counts messages, not entries, and forgets all
/// permits when it is asked to subscribe again; a batch may bring more messages than were asked for. `Waiter` is who
/// waits; tests use a number.
struct ConsumerMachine<Waiter> {
    private struct Source {
        /// Granted to the broker and not used yet; less than 0 after a batch that brought more.
        var permits = 0
        /// Used since the broker was granted more, in queue mode.
        var used = 0
        var queued = 0
        var isAttached = false
        var hasEnded = false
    }

    private struct Waiting {
        let id: UInt64
        let waiter: Waiter
    }

    /// What the caller has to do.
    struct Effects {
        var flows: [(source: SourceID, permits: UInt32)] = []
        var deliveries: [(Waiter, Message)] = []
        var failures: [(Waiter, PulsarError)] = []
        /// Messages that nobody waits for any more, for the broker to give to somebody else.
        var returned: [Message] = []
    }

    private let queueSize: Int
    private let returnsSurplus: Bool
    private var sources: [SourceID: Source] = [:]
    private var queue: Deque<Message> = []
    private var waiting: Deque<Waiting> = []
    private var failure: PulsarError?

    var queuedMessages: Int { queue.count }
    var waiters: Int { waiting.count }

    /// - Parameters:
    ///   - queueSize: messages of each source that are fetched ahead; 0 for none.
    ///   - returnsSurplus: whether the broker takes a single message back, to give it to another consumer.
    init(queueSize: Int, returnsSurplus: Bool) {
        self.queueSize = queueSize
        self.returnsSurplus = returnsSurplus
    }

    // MARK: Demand

    mutating func receive(id: UInt64, waiter: Waiter) -> Effects {
        var effects = Effects()
        if let failure {
            effects.failures.append((waiter, failure))
        } else if let message = queue.popFirst() {
            hand(message, to: waiter, &effects)
        } else if hasEnded {
            effects.failures.append((waiter, Self.ended))
        } else {
            waiting.append(Waiting(id: id, waiter: waiter))
            demand(&effects)
        }
        return effects
    }

    /// Whoever waited has gone. What was granted for it stays granted, and goes to the next one or back.
    mutating func withdraw(_ id: UInt64) -> Waiter? {
        guard let index = waiting.firstIndex(where: { $0.id == id }) else { return nil }
        return waiting.remove(at: index).waiter
    }

    private mutating func hand(_ message: Message, to waiter: Waiter, _ effects: inout Effects) {
        effects.deliveries.append((waiter, message))
        sources[message.source]?.queued -= 1
        use(1, of: message.source, &effects)
    }

    /// Counts messages that left the queue, and grants as many anew once half of it is used.
    private mutating func use(_ count: Int, of id: SourceID, _ effects: inout Effects) {
        guard queueSize > 0, var source = sources[id], source.isAttached else { return }
        source.used += count
        if source.used >= max(1, queueSize / 2) {
            effects.flows.append((id, UInt32(source.used)))
            source.permits += source.used
            source.used = 0
        }
        sources[id] = source
    }

    /// Without a queue: every source may send one message for each who waits.
    private mutating func demand(_ effects: inout Effects) {
        guard queueSize == 0, !waiting.isEmpty else { return }
        for (id, source) in sources where source.isAttached && source.permits < waiting.count {
            let missing = waiting.count - source.permits
            sources[id]?.permits += missing
            effects.flows.append((id, UInt32(missing)))
        }
    }

    // MARK: Arrival

    /// An entry has come.
    ///
    /// - Parameter permits: how many messages the broker counted, those included that are not delivered.
    mutating func arrived(_ messages: [Message], from id: SourceID, permits: Int) -> Effects {
        var effects = Effects()
        guard failure == nil, sources[id] != nil else { return effects }
        sources[id]?.permits -= permits
        // The rest of a batch stays here: it can only be given back together with what was taken.
        let isDivided = messages.count > 1
        for message in messages {
            if queueSize == 0, waiting.isEmpty, returnsSurplus, !isDivided {
                effects.returned.append(message)
            } else {
                sources[id]?.queued += 1
                queue.append(message)
            }
        }
        use(permits - messages.count, of: id, &effects)
        while !waiting.isEmpty, let message = queue.popFirst() {
            hand(message, to: waiting.removeFirst().waiter, &effects)
        }
        demand(&effects)
        return effects
    }

    // MARK: Sources

    /// The broker has subscribed the source: it has no permits until it is granted some.
    mutating func attached(_ id: SourceID) -> Effects {
        var effects = Effects()
        var source = sources[id] ?? Source()
        source.isAttached = true
        source.hasEnded = false
        source.used = 0
        source.permits = queueSize > 0 ? max(0, queueSize - source.queued) : 0
        if source.permits > 0 { effects.flows.append((id, UInt32(source.permits))) }
        sources[id] = source
        demand(&effects)
        return effects
    }

    /// The source has no broker for the moment. What waits in the queue is dropped: it will be delivered again.
    mutating func detached(_ id: SourceID) {
        guard var source = sources[id] else { return }
        queue.removeAll { $0.source == id }
        (source.isAttached, source.permits, source.used, source.queued) = (false, 0, 0, 0)
        sources[id] = source
    }

    /// Drops what waits in the queue, because the broker will deliver from elsewhere, and grants as many anew: a broker
    /// that does not disconnect its consumers for that would otherwise have no permits left.
    mutating func cleared(_ id: SourceID) -> Effects {
        var effects = Effects()
        let dropped = sources[id]?.queued ?? 0
        queue.removeAll { $0.source == id }
        sources[id]?.queued = 0
        use(dropped, of: id, &effects)
        demand(&effects)
        return effects
    }

    mutating func removed(_ id: SourceID) {
        detached(id)
        sources[id] = nil
    }

    /// Nothing more will be published there.
    mutating func ended(_ id: SourceID) -> Effects {
        var effects = Effects()
        sources[id]?.hasEnded = true
        guard hasEnded, queue.isEmpty else { return effects }
        effects.failures = waiting.map { ($0.waiter, Self.ended) }
        waiting = []
        return effects
    }

    private var hasEnded: Bool { !sources.isEmpty && sources.values.allSatisfy(\.hasEnded) }

    private static var ended: PulsarError {
        PulsarError(.topicTerminated, "The topic was terminated: there are no more messages, and none will come.")
    }

    // MARK: End

    mutating func fail(_ error: PulsarError) -> Effects {
        var effects = Effects()
        if failure == nil { failure = error }
        effects.failures = waiting.map { ($0.waiter, error) }
        (waiting, queue) = ([], [])
        return effects
    }
}
