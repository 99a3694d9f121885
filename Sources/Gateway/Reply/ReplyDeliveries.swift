import Hearth
import Logging

/// The events of one answer, and the moments in which nothing comes. Can be iterated once.
struct ReplyDeliveries: AsyncSequence, Sendable {
    enum Delivery: Sendable {
        case event(ReplyEvent)
        /// Nothing has come for a while.
        case quiet
    }

    typealias Element = Delivery
    typealias Failure = any Error

    let id: CorrelationID
    let subscription: ReplySubscription
    let router: ReplyRouter
    let sequencer: ReplySequencer
    let looksFirst: Bool

    func makeAsyncIterator() -> Iterator {
        Iterator(
            id: id, subscription: subscription, router: router, sequencer: sequencer, mustLook: looksFirst,
            mustCheck: looksFirst)
    }

    struct Iterator: AsyncIteratorProtocol {
        /// Events that are read from the ledger at once.
        private static let page = 256
        /// Ticks between two looks of a reader that hears nothing.
        private static let longestPause = 4

        private let id: CorrelationID
        private let subscription: ReplySubscription
        private let router: ReplyRouter
        private var sequencer: ReplySequencer
        private var mustLook: Bool
        /// Whether the ledger is asked for the state too, not only for events.
        private var mustCheck: Bool
        private var quietTicks = 0
        private var pause = 1

        init(
            id: CorrelationID,
            subscription: ReplySubscription,
            router: ReplyRouter,
            sequencer: ReplySequencer,
            mustLook: Bool,
            mustCheck: Bool
        ) {
            self.id = id
            self.subscription = subscription
            self.router = router
            self.sequencer = sequencer
            self.mustLook = mustLook
            self.mustCheck = mustCheck
        }

        mutating func next() async throws -> Delivery? {
            while true {
                if let event = sequencer.next() { return .event(event) }
                if sequencer.hasEnded { return nil }
                if mustLook {
                    try await look()
                    continue
                }
                switch try await subscription.inbox.take() {
                case .events(let events):
                    quietTicks = 0
                    pause = 1
                    for event in events { sequencer.receive(event) }
                    mustLook = sequencer.hasGap
                case .lost:
                    mustLook = true
                case .tick:
                    quietTicks += 1
                    if quietTicks >= pause {
                        quietTicks = 0
                        pause = Swift.min(pause * 2, Self.longestPause)
                        mustLook = true
                        mustCheck = true
                    }
                    return .quiet
                case .closed(let error):
                    throw error
                }
            }
        }

        /// Reads on from the ledger.
        private mutating func look() async throws {
            mustLook = false
            do {
                let events = try await router.ledger.events(of: id, after: sequencer.last, limit: Self.page)
                for event in events { sequencer.receive(event) }
                mustLook = events.count == Self.page
                guard events.isEmpty, mustCheck else { return }
                mustCheck = false
                try await check()
            } catch let error as StoreError where error.isRetriable {
                // The next tick looks again.
                router.logger.warning(
                    "the ledger is away", metadata: ["correlation_id": "\(id)", "error": "\(error)"])
                mustCheck = true
            }
        }

        /// Ends a reader of a question that is over without a terminal event, or that nobody knows.
        private mutating func check() async throws {
            guard let entry = try await router.ledger.entry(id) else {
                throw GatewayError(.unknownTask, "There is no task '\(id)'.")
            }
            guard entry.status.isTerminal, entry.lastSequence <= sequencer.last else { return }
            guard entry.status == .rejected else {
                // The reader has the terminal event already.
                sequencer.end()
                return
            }
            let failure = entry.failure ?? TaskFailure(.notPublished, "The question was rejected. Ask again.")
            sequencer.receive(
                ReplyEvent(
                    correlationID: id, attempt: entry.attempt, sequence: sequencer.last + 1, kind: .failed(failure)))
        }
    }
}
