public import Hearth
public import Logging
public import ServiceLifecycle
import Synchronization

/// Hands the events of answers to whoever waits for them in this process.
///
/// Live events come over the bus; what is missed, late or older is read from the ledger, which has every event before
/// anybody sees it. So a reader gets each event exactly once and in order, whichever process answers, and a gateway
/// that was restarted goes on where a reader left off.
public final class ReplyRouter: Service {
    private struct State {
        var inboxes: [CorrelationID: [Int: ReplyInbox]] = [:]
        var counter = 0
        var isClosed = false
    }

    /// The address to which answers are to be sent.
    public let gateway: GatewayID
    let ledger: any TaskLedger
    let logger: Logger
    private let bus: any TaskBus
    private let tick: Duration
    private let grace: Duration
    private let state = Mutex(State())

    /// - Parameters:
    ///   - tick: how soon a reader that hears nothing looks into the ledger.
    ///   - grace: how long readers may go on after the wish to stop.
    public init(
        gateway: GatewayID = .unique(),
        bus: any TaskBus,
        ledger: any TaskLedger,
        tick: Duration = .milliseconds(250),
        grace: Duration = .seconds(30),
        logger: Logger
    ) {
        self.gateway = gateway
        self.bus = bus
        self.ledger = ledger
        self.tick = tick
        self.grace = grace
        self.logger = logger
    }

    /// Receives until cancelled. Readers end with ``GatewayError/Code/stopping`` when it returns.
    public func run() async throws {
        defer { close() }
        await withDiscardingTaskGroup { group in
            group.addTask { await self.receive() }
            group.addTask { await self.keepTime() }
            group.addTask {
                guard (try? await gracefulShutdown()) != nil, (try? await Task.sleep(for: self.grace)) != nil else {
                    return
                }
                self.close()
            }
        }
    }

    /// The events of an answer after `sequence`, up to its terminal one.
    ///
    /// Nothing is read ahead: a reader that is slow costs a bounded amount of memory. The sequence throws
    /// ``GatewayError`` with code `unknownTask` or `stopping`, and `CancellationError`.
    public func events(of id: CorrelationID, after sequence: Int = 0) -> ReplyEvents {
        ReplyEvents(deliveries: deliveries(of: id, after: sequence))
    }

    /// - Parameter isNew: nothing of the answer can be in the ledger yet.
    func deliveries(of id: CorrelationID, after sequence: Int = 0, isNew: Bool = false) -> ReplyDeliveries {
        ReplyDeliveries(
            id: id, subscription: subscribe(to: id), router: self, sequencer: ReplySequencer(after: sequence),
            looksFirst: !isNew)
    }

    private func subscribe(to id: CorrelationID) -> ReplySubscription {
        let inbox = ReplyInbox()
        let number = state.withLock { state in
            state.counter += 1
            if state.isClosed { inbox.close(throwing: Self.stopping(id)) }
            state.inboxes[id, default: [:]][state.counter] = inbox
            return state.counter
        }
        return ReplySubscription(inbox: inbox) { [weak self] in
            self?.state.withLock { state in
                state.inboxes[id]?[number] = nil
                if state.inboxes[id]?.isEmpty == true { state.inboxes[id] = nil }
            }
        }
    }

    /// How many readers an answer has in this process.
    package func readerCount(of id: CorrelationID) -> Int { state.withLock { $0.inboxes[id]?.count ?? 0 } }

    private func receive() async {
        while !Task.isCancelled {
            do {
                for await event in try await bus.replies(to: gateway) { deliver(event) }
            } catch {
                logger.warning("live replies are away; reading from the ledger", metadata: ["error": "\(error)"])
            }
            try? await Task.sleep(for: .seconds(1))
        }
    }

    private func deliver(_ event: ReplyEvent) {
        let inboxes = state.withLock { $0.inboxes[event.correlationID] }
        guard let inboxes else { return }
        for inbox in inboxes.values { inbox.put(event) }
    }

    private func keepTime() async {
        while (try? await Task.sleep(for: tick)) != nil {
            let inboxes = state.withLock { $0.inboxes.values.flatMap(\.values) }
            for inbox in inboxes { inbox.tick() }
        }
    }

    private func close() {
        let inboxes = state.withLock { state in
            state.isClosed = true
            return state.inboxes
        }
        for (id, readers) in inboxes {
            for inbox in readers.values { inbox.close(throwing: Self.stopping(id)) }
        }
    }

    private static func stopping(_ id: CorrelationID) -> GatewayError {
        GatewayError(.stopping, "The gateway is being stopped; read the rest of the answer at /v1/tasks/\(id)/events.")
    }
}
