import COneDNN
import Synchronization

/// Lends streams to whoever encodes, one at a time each, and keeps them for the next.
final class EncoderStreamPool: Sendable {
    private struct Idle: ~Copyable {
        var streams: [EncoderStream] = []
    }

    private let idle = Mutex(Idle())
    private let element: conednn_type

    init(element: conednn_type) { self.element = element }

    func withStream<Value>(_ body: (EncoderStream) throws(MiniLMError) -> Value) throws(MiniLMError) -> Value {
        let stream = try take()
        defer { give(stream) }
        return try body(stream)
    }

    private func take() throws(MiniLMError) -> EncoderStream {
        nonisolated(unsafe) let stream = idle.withLock { idle in Lent(idle.streams.popLast()) }.stream
        if let stream { return stream }
        return try EncoderStream(element: element)
    }

    private func give(_ stream: EncoderStream) {
        let lent = Lent(stream)
        idle.withLock { idle in
            if let stream = lent.stream { idle.streams.append(stream) }
        }
    }
}

/// Carries a stream in or out of the pool's lock; whoever has it is the only one.
private struct Lent: @unchecked Sendable {
    // check: allow unchecked because a stream is in the pool or with exactly one borrower
    let stream: EncoderStream?
    init(_ stream: EncoderStream?) { self.stream = stream }
}
