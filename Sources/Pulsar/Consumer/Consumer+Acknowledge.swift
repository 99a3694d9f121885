import CoreMetrics
import NIOCore
import Synchronization

extension Consumer {
    /// Says that a message is done, and returns when the broker has noted it.
    ///
    /// During a reconnect it waits, at most the client's operation timeout.
    /// - Throws: ``PulsarError``: the message may be delivered again.
    public func acknowledge(_ message: Message) async throws {
        try await withCheckedThrowingContinuation { continuation in
            acknowledge(message) { continuation.resume(with: $0) }
        }
    }

    /// Says that a message is done, without waiting for the broker.
    public func acknowledgeWithoutWaiting(_ message: Message) { acknowledge(message) { _ in } }

    private func acknowledge(_ message: Message, completion: @escaping ConsumerSession.Completion) {
        guard let session = session(of: message) else {
            return completion(.failure(PulsarError(.closed, "The topic of the message is not received any more.")))
        }
        metrics.acknowledged.increment()
        if session.acknowledge(message.id, completion: completion) { finished(message) }
    }

    /// Says that a message and all before it, in its topic or partition, are done.
    ///
    /// - Throws: ``PulsarError``, with code `notAllowed` for shared subscriptions.
    public func acknowledgeUpTo(_ message: Message) async throws {
        guard !configuration.type.isShared else {
            throw PulsarError(.notAllowed, "Shared subscriptions acknowledge message by message.")
        }
        guard let session = session(of: message) else {
            throw PulsarError(.closed, "The topic of the message is not received any more.")
        }
        try await session.acknowledgeUpTo(message.id)
        finished(message)
    }

    /// Says that a message could not be handled: it is delivered again after ``ConsumerConfiguration/redelivery``, or
    /// set aside if that was its last chance.
    public func reject(_ message: Message) {
        let delay = configuration.redelivery.delay(afterRedeliveries: message.redeliveryCount)
        metrics.rejected.increment()
        let item = AcknowledgementTimer.Item(source: message.source, entry: message.id.entry)
        state.withLock { $0.timer?.finished(item) }
        if let policy = configuration.deadLetters, message.redeliveryCount >= policy.maximumRedeliveries {
            fail([item], of: message.source)
        } else {
            redeliver(message, after: delay)
        }
    }

    /// Hands a message back, for the broker to give to anybody at once.
    public func handBack(_ message: Message) {
        finished(message)
        session(of: message)?.redeliver([message.id.entry])
    }

    /// Has everything delivered again that this consumer received and did not acknowledge.
    public func redeliverUnacknowledged() {
        for session in sessions {
            perform { $0.machine.cleared(session.source) }
            session.redeliverAll()
        }
    }

    func redeliver(_ message: Message, after delay: Duration) {
        context.eventLoop.scheduleTask(in: TimeAmount(delay)) { [weak self] in
            guard let self, let session = session(of: message) else { return }
            // Without single redelivery the broker begins anew, and what waits here would come twice.
            if !configuration.type.isShared { perform { $0.machine.cleared(session.source) } }
            session.redeliver([message.id.entry])
        }
    }

    private func finished(_ message: Message) {
        let item = AcknowledgementTimer.Item(source: message.source, entry: message.id.entry)
        state.withLock { state in
            state.timer?.finished(item)
            state.lastChances[item] = nil
        }
    }

    /// Entries that were rejected or are overdue: delivered again, or set aside.
    func fail(_ items: [AcknowledgementTimer.Item], of source: SourceID) {
        let (session, chances) = state.withLock { state in
            (state.sessions[source], items.map { ($0, state.lastChances.removeValue(forKey: $0) ?? []) })
        }
        var again: [EntryID] = []
        for (item, messages) in chances {
            if messages.isEmpty { again.append(item.entry) }
            for message in messages { setAside(message) }
        }
        guard !again.isEmpty else { return }
        if !configuration.type.isShared { perform { $0.machine.cleared(source) } }
        session?.redeliver(again)
    }
}
