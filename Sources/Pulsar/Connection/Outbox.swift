import NIOCore
import Synchronization

/// Collects the frames that any thread writes, so that what is written while the event loop is busy leaves in one piece.
final class Outbox: Sendable {
    private struct State {
        var buffer = ByteBuffer()
        var isScheduled = false
    }

    private let channel: any Channel
    private let state = Mutex(State())

    init(_ channel: any Channel) { self.channel = channel }

    /// Adds a frame behind the earlier ones. Never waits; whoever writes bounds what is on its way.
    func write(_ frame: ByteBuffer) {
        let schedules = state.withLock { state in
            state.buffer.writeImmutableBuffer(frame)
            defer { state.isScheduled = true }
            return !state.isScheduled
        }
        if schedules { channel.eventLoop.execute { self.flush() } }
    }

    private func flush() {
        let buffer = state.withLock { state in
            defer { state = State() }
            return state.buffer
        }
        // A write that fails closes the channel, which everybody is told of.
        channel.writeAndFlush(buffer, promise: nil)
    }
}
