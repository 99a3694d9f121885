import FoundationEssentials
import Hearth
import NIOCore
import Pulsar

/// The events that arrive at a gateway, in the order of arrival. Ends when the broker refuses it for good.
struct PulsarReplies: AsyncSequence, Sendable {
    typealias Element = ReplyEvent
    typealias Failure = Never

    let consumer: Consumer

    func makeAsyncIterator() -> Iterator { Iterator(consumer: consumer) }

    struct Iterator: AsyncIteratorProtocol {
        let consumer: Consumer
        private var events: ArraySlice<ReplyEvent> = []

        init(consumer: Consumer) { self.consumer = consumer }

        mutating func next() async -> ReplyEvent? { await next(isolation: nil) }

        mutating func next(isolation actor: isolated (any Actor)?) async -> ReplyEvent? {
            while events.isEmpty {
                guard let message = try? await consumer.receive() else { return nil }
                consumer.acknowledgeWithoutWaiting(message)
                // What cannot be read is missing, and what is missing is read from the ledger.
                let data = Data(message.payload.readableBytesView)
                events = ((try? TaskCoding.decode([ReplyEvent].self, from: data)) ?? [])[...]
            }
            return events.popFirst()
        }
    }
}
