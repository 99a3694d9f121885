import Pulsar
import Synchronization

/// Gathers the receipts of messages that were sent together.
final class Receipts: Sendable {
    private struct State {
        var ids: [MessageID?]
        var missing: Int
        var failure: (any Error)?
        var continuation: CheckedContinuation<[MessageID], any Error>?

        var outcome: Result<[MessageID], any Error>? {
            guard missing == 0 else { return nil }
            return failure.map { .failure($0) } ?? .success(ids.compactMap(\.self))
        }
    }

    private let state: Mutex<State>

    init(count: Int) { state = Mutex(State(ids: Array(repeating: nil, count: count), missing: count)) }

    func note(_ result: Result<MessageID, any Error>, at index: Int) {
        let (waiting, outcome) = state.withLock { state in
            switch result {
            case .success(let id): state.ids[index] = id
            case .failure(let error): state.failure = state.failure ?? error
            }
            state.missing -= 1
            guard let outcome = state.outcome else {
                return (nil as CheckedContinuation<[MessageID], any Error>?, nil as Result<[MessageID], any Error>?)
            }
            return (state.continuation.take(), outcome)
        }
        if let outcome { waiting?.resume(with: outcome) }
    }

    /// The ids, in the order of sending, once all are here. To be called once.
    ///
    /// - Throws: the first failure.
    func all() async throws -> [MessageID] {
        try await withCheckedThrowingContinuation { continuation in
            let outcome = state.withLock { state in
                if state.outcome == nil { state.continuation = continuation }
                return state.outcome
            }
            if let outcome { continuation.resume(with: outcome) }
        }
    }
}
