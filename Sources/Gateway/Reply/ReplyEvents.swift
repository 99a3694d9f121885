public import Hearth

/// The events of one answer, each once and in order. Can be iterated once.
public struct ReplyEvents: AsyncSequence, Sendable {
    public typealias Element = ReplyEvent
    public typealias Failure = any Error

    let deliveries: ReplyDeliveries

    public func makeAsyncIterator() -> Iterator { Iterator(base: deliveries.makeAsyncIterator()) }

    public struct Iterator: AsyncIteratorProtocol {
        var base: ReplyDeliveries.Iterator

        public mutating func next() async throws -> ReplyEvent? {
            while let delivery = try await base.next() {
                if case .event(let event) = delivery { return event }
            }
            return nil
        }
    }
}
