import Synchronization

/// Lets a generator write on while the last piece is being stored, within a bound.
///
/// One producer and one consumer. The consumer takes all that has gathered, so that pieces grow exactly as large as the
/// store is slow: the first word of an answer goes out alone, and a slow disk costs batching, not speed.
final class PieceBuffer: Sendable {
    enum Batch: Sendable {
        /// Text, never empty.
        case text(String)
        case finished(FinishReason, TokenUsage)
    }

    typealias Ending = Result<(FinishReason, TokenUsage), any Error>
    private typealias Waiter = CheckedContinuation<Void, Never>

    private struct State {
        var text = ""
        var ending: Ending?
        var producer: Waiter?
        var consumer: Waiter?
    }

    private let capacity: Int
    private let state = Mutex(State())

    /// - Parameter capacity: bytes of text after which the producer waits.
    init(capacity: Int = 16 << 10) { self.capacity = capacity }

    /// Adds a piece; waits while the buffer is full. Throws `CancellationError`.
    func put(_ piece: String) async throws {
        await wait(\.producer) { [capacity] in $0.text.utf8.count < capacity }
        try Task.checkCancellation()
        state.withLock { state in
            state.text += piece
            return state.consumer.take()
        }?.resume()
    }

    /// Ends the text; what was put before is still taken.
    func end(_ ending: Ending) {
        state.withLock { state in
            if state.ending == nil { state.ending = ending }
            return state.consumer.take()
        }?.resume()
    }

    /// All text that has gathered, or how it ended. Waits while there is neither. Throws `CancellationError`.
    func take() async throws -> Batch {
        await wait(\.consumer) { !$0.text.isEmpty || $0.ending != nil }
        try Task.checkCancellation()
        let (text, ending, producer) = state.withLock { state in
            let text = state.text
            state.text = ""
            return (text, state.ending, state.producer.take())
        }
        producer?.resume()
        if !text.isEmpty { return .text(text) }
        guard let (reason, usage) = try ending?.get() else { throw CancellationError() }
        return .finished(reason, usage)
    }

    private func wait(
        _ side: any WritableKeyPath<State, Waiter?> & Sendable,
        until isReady: @Sendable (State) -> Bool
    ) async {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let goesOn = state.withLock { state in
                    guard !isReady(state), !Task.isCancelled else { return true }
                    state[keyPath: side] = continuation
                    return false
                }
                if goesOn { continuation.resume() }
            }
        } onCancel: {
            state.withLock { $0[keyPath: side].take() }?.resume()
        }
    }
}
