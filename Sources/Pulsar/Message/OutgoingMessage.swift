import FoundationEssentials
public import NIOCore

/// A message to publish.
public struct OutgoingMessage: Sendable {
    public var payload: ByteBuffer
    /// Decides the partition, and the consumer of a Key_Shared subscription. A topic that is compacted keeps the last
    /// message of each key.
    public var key: String?
    /// Takes the key's place for Key_Shared subscriptions.
    public var orderingKey: [UInt8]?
    public var properties: [String: String]
    /// Milliseconds since 1970, of the application's own meaning.
    public var eventTime: UInt64?
    /// Must rise from message to message of a producer; `nil` lets the producer count. The broker drops what it has,
    /// where deduplication is on.
    public var sequenceID: UInt64?
    /// When it may be delivered at the earliest, to Shared and Key_Shared subscriptions; others get it at once.
    public var delivery: Delivery
    /// Says that there is no value, which is not the same as an empty payload: compaction removes the key.
    public var isTombstone: Bool

    /// When a message may be delivered.
    public enum Delivery: Hashable, Sendable {
        case atOnce
        /// After so long, counted from the call of `send`.
        case after(Duration)
        /// Milliseconds since 1970.
        case at(milliseconds: Int64)
    }

    public init(
        _ payload: ByteBuffer,
        key: String? = nil,
        orderingKey: [UInt8]? = nil,
        properties: [String: String] = [:],
        delivery: Delivery = .atOnce
    ) {
        self.payload = payload
        self.key = key
        self.orderingKey = orderingKey
        self.properties = properties
        self.delivery = delivery
        isTombstone = false
    }

    public init(_ text: String, key: String? = nil, properties: [String: String] = [:]) {
        self.init(ByteBuffer(string: text), key: key, properties: properties)
    }

    public init(bytes: some Sequence<UInt8>, key: String? = nil, properties: [String: String] = [:]) {
        self.init(ByteBuffer(bytes: bytes), key: key, properties: properties)
    }
}

extension OutgoingMessage {
    /// Milliseconds since 1970, or `nil` to deliver at once.
    func deliverAt(now: Int64) -> Int64? {
        switch delivery {
        case .atOnce: nil
        case .after(let delay): now + Int64(delay / .milliseconds(1))
        case .at(let milliseconds): milliseconds
        }
    }
}
