import Dispatch

/// A few threads of their own for work that only computes.
struct EncoderLane: Sendable {
    private let queues: [DispatchQueue]
    private let turns: RoundRobin

    init(label: String, width: Int, quality: DispatchQoS) {
        queues = (0..<max(1, width)).map { DispatchQueue(label: "\(label).\($0)", qos: quality) }
        turns = RoundRobin(count: max(1, width))
    }

    /// Runs `body` on one of the threads and waits for it without blocking the caller's.
    func run<Value: Sendable>(_ body: @escaping @Sendable () throws -> Value) async throws -> Value {
        try Task.checkCancellation()
        let queue = queues[turns.next()]
        return try await withCheckedThrowingContinuation { continuation in
            queue.async { continuation.resume(with: Result { try body() }) }
        }
    }
}
