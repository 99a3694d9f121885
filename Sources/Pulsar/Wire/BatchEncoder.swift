import FoundationEssentials
import NIOCore

/// Collects messages into the payload of one entry.
struct BatchEncoder {
    private(set) var payload = ByteBuffer()
    private(set) var count: Int32 = 0

    /// - Throws: ``PulsarError`` if the message cannot be encoded.
    mutating func append(_ message: OutgoingMessage, sequenceID: UInt64) throws {
        var single = WireSingleMessageMetadata()
        single.payloadSize = Int32(message.payload.readableBytes)
        single.sequenceID = sequenceID
        if let key = message.key { single.partitionKey = key }
        if let orderingKey = message.orderingKey { single.orderingKey = Data(orderingKey) }
        if let eventTime = message.eventTime { single.eventTime = eventTime }
        if message.isTombstone { single.nullValue = true }
        single.properties = message.properties.wire
        try payload.writeLengthPrefixed(single)
        payload.writeImmutableBuffer(message.payload)
        count += 1
    }
}
