import NIOCore

/// Collects messages into the payload of one entry.
struct BatchEncoder {
    private(set) var payload = ByteBuffer()
    private(set) var count: Int32 = 0

    mutating func append(_ message: OutgoingMessage, sequenceID: UInt64) {
        let room =
            64 + (message.key?.utf8.count ?? 0) + (message.orderingKey?.count ?? 0) + message.payload.readableBytes
            + ProtobufWriter.room(for: message.properties)
        payload.writeWithUnsafeMutableBytes(minimumWritableBytes: room) { memory in
            var writer = ProtobufWriter(memory)
            writer.skip(4)
            Self.writeMetadata(of: message, sequenceID, &writer)
            writer.set(writer.count - 4, at: 0)
            message.payload.withUnsafeReadableBytes { writer.bytes($0) }
            return writer.count
        }
        count += 1
    }

    /// Writes a `SingleMessageMetadata`. Without texts and bytes it takes less than 60 bytes.
    private static func writeMetadata(
        of message: OutgoingMessage,
        _ sequenceID: UInt64,
        _ writer: inout ProtobufWriter
    ) {
        writer.properties(1, message.properties)
        if let key = message.key { writer.field(2, key) }
        writer.field(3, UInt64(message.payload.readableBytes))
        if let eventTime = message.eventTime { writer.field(5, eventTime) }
        if let orderingKey = message.orderingKey { orderingKey.withUnsafeBytes { writer.field(7, $0) } }
        writer.field(8, sequenceID)
        if message.isTombstone { writer.field(9, 1) }
    }
}
