import NIOCore
import Synchronization

/// Tells requests that their client has gone.
///
/// A client that closes its side while it waits for an answer has lost interest: Hummingbird itself would notice at the
/// next write only.
final class ConnectionWatch: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = Any
    typealias OutboundIn = Any

    enum Command: Sendable {
        case add(Disconnection)
        case remove(Disconnection)
    }

    // Touched on the channel's event loop only.
    private var watched: [ObjectIdentifier: Disconnection] = [:]
    private var isGone = false

    func channelInactive(context: ChannelHandlerContext) {
        clientHasGone()
        context.fireChannelInactive()
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case .inputClosed? = event as? ChannelEvent { clientHasGone() }
        context.fireUserInboundEventTriggered(event)
    }

    func triggerUserOutboundEvent(context: ChannelHandlerContext, event: Any, promise: EventLoopPromise<Void>?) {
        switch event as? Command {
        case .add(let disconnection):
            if isGone { disconnection.fire() } else { watched[ObjectIdentifier(disconnection)] = disconnection }
            promise?.succeed()
        case .remove(let disconnection):
            watched[ObjectIdentifier(disconnection)] = nil
            promise?.succeed()
        case nil:
            context.triggerUserOutboundEvent(event, promise: promise)
        }
    }

    private func clientHasGone() {
        isGone = true
        for disconnection in watched.values { disconnection.fire() }
        watched = [:]
    }
}

/// The end of a client's connection, as one request awaits it.
final class Disconnection: Sendable {
    private struct State {
        var hasFired = false
        var waiter: CheckedContinuation<Void, Never>?
    }

    private let channel: any Channel
    private let state = Mutex(State())

    /// Begins to watch.
    init(of channel: any Channel) {
        self.channel = channel
        channel.triggerUserOutboundEvent(ConnectionWatch.Command.add(self), promise: nil)
    }

    /// Stops watching.
    func end() { channel.triggerUserOutboundEvent(ConnectionWatch.Command.remove(self), promise: nil) }

    var hasHappened: Bool { state.withLock { $0.hasFired } }

    func fire() {
        let waiter = state.withLock { state in
            state.hasFired = true
            return state.waiter.take()
        }
        waiter?.resume()
    }

    /// Returns when the client has gone, or when the waiting task is cancelled.
    func wait() async {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isOver = state.withLock { state in
                    if state.hasFired || Task.isCancelled { return true }
                    state.waiter = continuation
                    return false
                }
                if isOver { continuation.resume() }
            }
        } onCancel: {
            state.withLock { $0.waiter.take() }?.resume()
        }
    }
}
