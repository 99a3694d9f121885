import Hearth
import Synchronization

/// Where the live events of one reader gather until it takes them.
final class ReplyInbox: Sendable {
    enum Contents: Sendable {
        case events([ReplyEvent])
        /// Events were thrown away because the reader was too slow: the ledger has them.
        case lost
        /// Time has passed.
        case tick
        /// Nothing will come any more, for this reason.
        case closed(any Error)
    }

    private struct State {
        var events: [ReplyEvent] = []
        var hasLost = false
        var hasTicked = false
        var end: (any Error)?
        var reader: CheckedContinuation<Void, Never>?

        var isEmpty: Bool { events.isEmpty && !hasLost && !hasTicked && end == nil }
    }

    private let capacity: Int
    private let state = Mutex(State())

    /// - Parameter capacity: a reader that is so many events behind reads on from the ledger.
    init(capacity: Int = 256) { self.capacity = capacity }

    func put(_ event: ReplyEvent) {
        change { state in
            if state.events.count < capacity {
                state.events.append(event)
            } else {
                state.events = []
                state.hasLost = true
            }
        }
    }

    func tick() { change { $0.hasTicked = true } }

    /// Lets the reader fail with `error`, after the events that are here.
    func close(throwing error: any Error) { change { $0.end = $0.end ?? error } }

    /// What has gathered; waits while there is nothing. Throws `CancellationError`.
    func take() async throws -> Contents {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let goesOn = state.withLock { state in
                    guard state.isEmpty, !Task.isCancelled else { return true }
                    state.reader = continuation
                    return false
                }
                if goesOn { continuation.resume() }
            }
        } onCancel: {
            state.withLock { $0.reader.take() }?.resume()
        }
        try Task.checkCancellation()
        return state.withLock { state in
            if state.hasLost {
                state.hasLost = false
                state.events = []
                return .lost
            }
            if !state.events.isEmpty {
                defer { state.events.removeAll(keepingCapacity: true) }
                return .events(state.events)
            }
            if let error = state.end { return .closed(error) }
            state.hasTicked = false
            return .tick
        }
    }

    private func change(_ body: (inout State) -> Void) {
        let reader = state.withLock { state in
            body(&state)
            return state.reader.take()
        }
        reader?.resume()
    }
}
