public import NIOCore

/// A message that was received.
public struct Message: Sendable {
    public let id: MessageID
    /// The topic it came from; of a partitioned topic, the partition's full name.
    public let topic: String
    public let payload: ByteBuffer
    public let key: String?
    public let orderingKey: [UInt8]?
    public let properties: [String: String]
    public let producerName: String
    public let sequenceID: UInt64
    /// Milliseconds since 1970, by the producer's clock.
    public let publishTime: UInt64
    /// Milliseconds since 1970, if the producer gave one.
    public let eventTime: UInt64?
    /// How often it was delivered before. The broker counts in memory and forgets when it restarts.
    public let redeliveryCount: Int
    /// There is no value; see ``OutgoingMessage/isTombstone``.
    public let isTombstone: Bool
    /// The message's number in its topic, if the broker numbers them.
    public let index: UInt64?
    /// Which of the consumer's topics it belongs to.
    let source: SourceID

    /// The payload as UTF-8; what is not is replaced.
    public var text: String { String(buffer: payload) }
}

/// One topic or partition of a consumer.
struct SourceID: Hashable, Sendable {
    let rawValue: Int
}
