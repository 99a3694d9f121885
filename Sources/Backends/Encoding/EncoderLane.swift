import Foundation

/// A few threads of their own for work that only computes. Whichever is free takes what has waited longest.
struct EncoderLane: Sendable {
    private let queue: OperationQueue

    init(label: String, width: Int, quality: QualityOfService) {
        queue = OperationQueue()
        queue.name = label
        queue.maxConcurrentOperationCount = max(1, width)
        queue.qualityOfService = quality
    }

    /// Runs `body` on one of the threads and waits for it without blocking the caller's.
    func run<Value: Sendable>(_ body: @escaping @Sendable () throws -> Value) async throws -> Value {
        try Task.checkCancellation()
        return try await withCheckedThrowingContinuation { continuation in
            queue.addOperation { continuation.resume(with: Result { try body() }) }
        }
    }
}
