import Synchronization

/// One call of `send`: resumed once, by its receipt or by cancellation.
final class SendCall: Sendable {
    private struct State {
        var continuation: CheckedContinuation<MessageID, any Error>?
        var session: ProducerSession?
        var id: UInt64 = 0
        var isCancelled = false
    }

    private let state = Mutex(State())

    func begin(_ continuation: CheckedContinuation<MessageID, any Error>) {
        state.withLock { $0.continuation = continuation }
    }

    /// Notes where the message is, so that it can be taken back; takes it back at once if that was asked for already.
    func sent(to session: ProducerSession, as id: UInt64) {
        let isCancelled = state.withLock { state in
            (state.session, state.id) = (session, id)
            return state.isCancelled
        }
        if isCancelled { cancel() }
    }

    func finish(_ result: Result<MessageID, any Error>) {
        let continuation = state.withLock { state in
            defer { state.continuation = nil }
            return state.continuation
        }
        continuation?.resume(with: result)
    }

    func cancel() {
        let (session, id) = state.withLock { state in
            state.isCancelled = true
            return (state.session, state.id)
        }
        guard let session else { return }
        session.withdraw(id)
        // What is on its way already goes on alone.
        finish(.failure(CancellationError()))
    }
}
