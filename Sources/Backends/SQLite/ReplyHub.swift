import Hearth
import Synchronization

/// Carries replies to the gateways of this process. A reader that is too slow loses the oldest.
final class ReplyHub: Sendable {
    private static let capacity = 4096
    private let gateways = Mutex<[GatewayID: AsyncStream<ReplyEvent>.Continuation]>([:])

    func send(_ events: [ReplyEvent], to gateway: GatewayID) {
        guard let continuation = gateways.withLock({ $0[gateway] }) else { return }
        for event in events { continuation.yield(event) }
    }

    func replies(to gateway: GatewayID) -> AsyncStream<ReplyEvent> {
        let (stream, continuation) = AsyncStream.makeStream(
            of: ReplyEvent.self, bufferingPolicy: .bufferingNewest(Self.capacity))
        let replaced = gateways.withLock { gateways in
            defer { gateways[gateway] = continuation }
            return gateways[gateway]
        }
        replaced?.finish()
        return stream
    }
}
