import NIOCore

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
