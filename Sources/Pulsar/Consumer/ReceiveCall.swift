import Synchronization

/// One call of `receive`: resumed once, by a message, a failure or cancellation.
final class ReceiveCall: Sendable {
    private let continuation = Mutex<CheckedContinuation<Message, any Error>?>(nil)

    func begin(_ continuation: CheckedContinuation<Message, any Error>) {
        self.continuation.withLock { $0 = continuation }
    }

    func finish(_ result: Result<Message, any Error>) {
        let continuation = continuation.withLock { continuation in
            defer { continuation = nil }
            return continuation
        }
        continuation?.resume(with: result)
    }
}
