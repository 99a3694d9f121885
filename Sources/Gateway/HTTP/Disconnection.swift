import NIOCore

/// The end of a client's connection, as one request awaits it.
final class Disconnection: Sendable {
    private let channel: any Channel
    private let act: @Sendable () -> Void

    /// Begins to watch. `act` is called on the channel's event loop, at once if the client has gone already.
    init(of channel: any Channel, act: @escaping @Sendable () -> Void) {
        self.channel = channel
        self.act = act
        let added = channel.eventLoop.makePromise(of: Void.self)
        added.futureResult.whenFailure { error in
            // A channel that is closed already has no handlers left; one without a watch (in tests) says unsupported.
            if (error as? ChannelError) != .operationUnsupported { act() }
        }
        channel.triggerUserOutboundEvent(ConnectionWatch.Command.add(self), promise: added)
    }

    /// Stops watching.
    func end() { channel.triggerUserOutboundEvent(ConnectionWatch.Command.remove(self), promise: nil) }

    func fire() { act() }
}

/// The client went away before its answer was complete.
struct ClientGone: Error {}
