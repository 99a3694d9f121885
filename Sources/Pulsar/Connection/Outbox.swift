import NIOCore
import Synchronization

/// Collects the frames that any thread writes, so that what is written while the event loop is busy leaves in one piece.
/// A frame with nothing before it need not wait for the event loop.
final class Outbox: Sendable {
    private struct State {
        var buffer = ByteBuffer()
        /// The event loop has something to write, or will have.
        var isScheduled = false
        var isClosed = false
        var socket: DirectSocket?
        /// Of what left last, as a guess of what will collect next.
        var size = 0

        /// - Returns: whether the event loop has to be told.
        mutating func add(_ write: (inout ByteBuffer) -> Void) -> Bool {
            guard !isClosed else { return false }
            if buffer.capacity == 0 { buffer.reserveCapacity(size) }
            write(&buffer)
            defer { isScheduled = true }
            return !isScheduled
        }
    }

    private let channel: any Channel
    private let state = Mutex(State())

    init(_ channel: any Channel) { self.channel = channel }

    /// Allows ``writeAtOnce(_:)`` to write to the socket itself.
    func open(_ socket: DirectSocket) {
        state.withLock { state in
            if !state.isClosed { state.socket = socket }
        }
    }

    /// Takes no more frames. Those that it has still leave, if the channel lets them.
    func close() { state.withLock { ($0.isClosed, $0.socket) = (true, nil) } }

    /// Adds a frame behind the earlier ones. Never waits; whoever writes bounds what is on its way.
    func write(_ frame: ByteBuffer) { add { $0.writeImmutableBuffer(frame) } }

    /// As ``write(_:)-(ByteBuffer)``, for the frames of entries.
    func write(_ frames: [EntryFrame]) {
        add { buffer in
            for frame in frames { frame.write(to: &buffer) }
        }
    }

    private func add(_ write: (inout ByteBuffer) -> Void) {
        let schedules = state.withLock { $0.add(write) }
        if schedules { channel.eventLoop.execute { self.flush() } }
    }

    /// As ``write(_:)-(ByteBuffer)``, but from this thread if no earlier frame is on its way: to wake another one takes
    /// a while.
    func writeAtOnce(_ frame: ByteBuffer) {
        let schedules = state.withLock { state in
            var rest = frame
            if !state.isScheduled, let socket = state.socket { rest.moveReaderIndex(forwardBy: socket.write(frame)) }
            guard rest.readableBytes > 0 else { return false }
            return state.add { $0.writeImmutableBuffer(rest) }
        }
        if schedules { channel.eventLoop.execute { self.flush() } }
    }

    private func flush() {
        let buffer = state.withLock { state in
            let buffer = state.buffer
            state.size = buffer.readableBytes
            state.buffer = ByteBuffer()
            return buffer
        }
        channel.writeAndFlush(buffer).whenComplete { result in
            // A write that fails closes the channel, which everybody is told of.
            guard case .success = result else { return self.close() }
            let continues = self.state.withLock { state in
                state.isScheduled = state.buffer.readableBytes > 0
                return state.isScheduled
            }
            if continues { self.channel.eventLoop.execute { self.flush() } }
        }
    }
}
