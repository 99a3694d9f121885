/// Writes one attempt's events: first into the ledger, then to the gateway that waits.
///
/// In this order nobody ever sees text that the ledger does not have, so an attempt that takes over continues
/// exactly where the reader is.
public actor ReplyWriter {
    /// Why writing ended early.
    public enum Stop: Error, Sendable, Hashable {
        /// The question was cancelled.
        case cancelled
        /// Another attempt has taken over.
        case superseded
    }

    private let correlationID: CorrelationID
    private let attempt: Int
    private let gateway: GatewayID
    private let ledger: any TaskLedger
    private let bus: any TaskBus
    private let beforeEnd: @Sendable () async throws -> Void
    private var sequence: Int
    /// Set while it is unknown whether the ledger took the last event.
    private var isUncertain = false

    /// - Parameter beforeEnd: called when the terminal event is in the ledger and before anybody is told: who reads
    ///   the end of an answer finds it in its session.
    public init(
        task: AnswerTask,
        attempt: Attempt,
        ledger: any TaskLedger,
        bus: any TaskBus,
        beforeEnd: @escaping @Sendable () async throws -> Void = {}
    ) {
        self.beforeEnd = beforeEnd
        correlationID = task.id
        self.attempt = attempt.number
        gateway = task.replyTo
        self.ledger = ledger
        self.bus = bus
        sequence = attempt.nextSequence
    }

    /// Writes the next event.
    ///
    /// - Throws: as writing several does.
    public func write(_ kind: ReplyEvent.Kind) async throws { try await write([kind]) }

    /// Writes events in order, all or none of them.
    ///
    /// - Throws: ``Stop``, or ``StoreError`` if the ledger did not take the events; they were then not sent either.
    public func write(_ kinds: [ReplyEvent.Kind]) async throws {
        guard !kinds.isEmpty else { return }
        if isUncertain, let entry = try await ledger.entry(correlationID) { sequence = entry.lastSequence + 1 }
        let events = kinds.enumerated().map { offset, kind in
            ReplyEvent(correlationID: correlationID, attempt: attempt, sequence: sequence + offset, kind: kind)
        }
        isUncertain = true
        let outcome = try await ledger.append(events)
        isUncertain = false
        switch outcome {
        case .stale:
            throw Stop.superseded
        case .appended(let isCancellationRequested):
            sequence += events.count
            let isEnd = events.contains(where: \.isTerminal)
            if isEnd { try await beforeEnd() }
            await bus.send(events, to: gateway)
            if isCancellationRequested, !isEnd { throw Stop.cancelled }
        }
    }
}
