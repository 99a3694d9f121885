import NIOCore
import NIOSSL

/// Where the channel ends: frames and the end go to the ``Connection``, and a clock ticks for it.
final class ConnectionHandler: ChannelInboundHandler {
    typealias InboundIn = Frame

    private let connection: Connection
    private let tick: TimeAmount
    private var ticking: RepeatedTask?
    private var failure: PulsarError?

    init(_ connection: Connection, tick: TimeAmount) {
        self.connection = connection
        self.tick = tick
    }

    func handlerAdded(context: ChannelHandlerContext) {
        let connection = connection
        ticking = context.eventLoop.scheduleRepeatedTask(initialDelay: tick, delay: tick) { _ in connection.tick() }
    }

    func handlerRemoved(context: ChannelHandlerContext) { ticking?.cancel() }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) { connection.received(unwrapInboundIn(data)) }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        failure = Self.describe(error, connection.address)
        context.close(promise: nil)
    }

    func channelInactive(context: ChannelHandlerContext) {
        ticking?.cancel()
        connection.close(
            failure ?? PulsarError(.connectionLost, "The broker at \(connection.address) closed the connection."))
        context.fireChannelInactive()
    }

    private static func describe(_ error: any Error, _ address: String) -> PulsarError {
        switch error {
        case let error as PulsarError: error
        case is NIOSSLError, is NIOSSLExtraError, is BoringSSLError:
            PulsarError(
                .connectionFailed, "No TLS connection to \(address): check the certificates and the port.",
                underlying: error)
        default: PulsarError(.connectionLost, "The connection to \(address) broke.", underlying: error)
        }
    }
}
