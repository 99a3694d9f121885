import Hearth
import Synchronization

/// Carries replies to the gateways of this process. A reader that is too slow loses the oldest.
final class ReplyHub: Sendable {
    private struct Gateway: Sendable {
        let number: Int
        let continuation: AsyncStream<ReplyEvent>.Continuation
    }

    private struct State {
        var counter = 0
        var gateways: [GatewayID: Gateway] = [:]
    }

    private static let capacity = 4096
    private let state = Mutex(State())

    func send(_ events: [ReplyEvent], to gateway: GatewayID) {
        guard let continuation = state.withLock({ $0.gateways[gateway]?.continuation }) else { return }
        for event in events { continuation.yield(event) }
    }

    /// Ends the stream that the gateway had before.
    func replies(to gateway: GatewayID) -> AsyncStream<ReplyEvent> {
        let (stream, continuation) = AsyncStream.makeStream(
            of: ReplyEvent.self, bufferingPolicy: .bufferingNewest(Self.capacity))
        let (number, replaced) = state.withLock { state in
            state.counter += 1
            let entry = Gateway(number: state.counter, continuation: continuation)
            return (state.counter, state.gateways.updateValue(entry, forKey: gateway))
        }
        replaced?.continuation.finish()
        continuation.onTermination = { [weak self] _ in self?.forget(gateway, number: number) }
        return stream
    }

    private func forget(_ gateway: GatewayID, number: Int) {
        state.withLock { state in
            if state.gateways[gateway]?.number == number { state.gateways[gateway] = nil }
        }
    }
}
