import FoundationEssentials
import NIOCore
import SwiftProtobuf

/// Turns messages into the frames of a producer's entries.
struct EntryWriter {
    let producerID: UInt64
    var producerName: String
    let compression: CompressionCodec
    let allowsChunking: Bool
    var maximumMessageSize: Int

    /// What metadata and framing of a chunk take, with a key and properties of ordinary size; the exact size is checked.
    private static let chunkAllowance = 1024

    /// The frames of one message on its own: one, or several if it is sent in chunks.
    ///
    /// - Parameter now: milliseconds since 1970.
    /// - Throws: ``PulsarError`` with code `messageTooLarge` or `invalidMessage`.
    func frames(_ message: OutgoingMessage, sequenceID: UInt64, now: Int64) throws -> [ByteBuffer] {
        var metadata = metadata(of: message, now: now)
        metadata.sequenceID = sequenceID
        if message.isTombstone { metadata.nullValue = true }
        if let deliverAt = message.deliverAt(now: now) { metadata.deliverAtTime = deliverAt }
        let payload = try compress(message.payload, &metadata)
        var send = WireSend()
        send.producerID = producerID
        send.sequenceID = sequenceID
        let size = try payload.readableBytes + metadata.serializedData().count
        guard size > maximumMessageSize else {
            return [try FrameEncoder.encode(send, metadata: metadata, payload: payload)]
        }
        guard allowsChunking else { throw tooLarge(size) }
        return try chunks(of: payload, send, metadata)
    }

    /// The frame of a batch.
    ///
    /// - Throws: as ``frames(_:sequenceID:now:)``.
    func frame(_ batch: MessageBatch, now: Int64) throws -> ByteBuffer {
        var metadata = metadata(of: batch.first, now: now)
        metadata.sequenceID = batch.firstSequenceID
        metadata.highestSequenceID = batch.lastSequenceID
        metadata.numMessagesInBatch = batch.encoder.count
        metadata.properties = []
        let payload = try compress(batch.encoder.payload, &metadata)
        var send = WireSend()
        send.producerID = producerID
        send.sequenceID = batch.firstSequenceID
        send.highestSequenceID = batch.lastSequenceID
        send.numMessages = batch.encoder.count
        guard payload.readableBytes <= maximumMessageSize else { throw tooLarge(payload.readableBytes) }
        return try FrameEncoder.encode(send, metadata: metadata, payload: payload)
    }

    private func metadata(of message: OutgoingMessage, now: Int64) -> WireMessageMetadata {
        var metadata = WireMessageMetadata()
        metadata.producerName = producerName
        metadata.publishTime = UInt64(max(0, now))
        if !message.properties.isEmpty { metadata.properties = message.properties.wire }
        if let key = message.key { metadata.partitionKey = key }
        if let orderingKey = message.orderingKey { metadata.orderingKey = Data(orderingKey) }
        if let eventTime = message.eventTime { metadata.eventTime = eventTime }
        return metadata
    }

    private func compress(_ payload: ByteBuffer, _ metadata: inout WireMessageMetadata) throws -> ByteBuffer {
        guard compression != .none, payload.readableBytes > 0 else { return payload }
        metadata.compression = compression.wire
        metadata.uncompressedSize = UInt32(payload.readableBytes)
        return try compression.compress(payload)
    }

    private func chunks(
        of payload: ByteBuffer,
        _ send: WireSend,
        _ metadata: WireMessageMetadata
    ) throws -> [ByteBuffer] {
        let overhead = try metadata.serializedData().count + Self.chunkAllowance
        let room = maximumMessageSize - overhead
        guard room > 0 else {
            throw PulsarError(
                .messageTooLarge, "Key and properties alone are larger than the broker's \(maximumMessageSize) bytes.")
        }
        let (size, total) = (payload.readableBytes, (payload.readableBytes + room - 1) / room)
        var (send, metadata, payload) = (send, metadata, payload)
        send.isChunk = true
        metadata.uuid = "\(producerName)-\(metadata.sequenceID)"
        metadata.numChunksFromMsg = Int32(total)
        metadata.totalChunkMsgSize = Int32(size)
        var frames: [ByteBuffer] = []
        for number in 0..<total {
            metadata.chunkID = Int32(number)
            let piece = payload.readSlice(length: min(room, payload.readableBytes)) ?? ByteBuffer()
            frames.append(try FrameEncoder.encode(send, metadata: metadata, payload: piece))
        }
        return frames
    }

    private func tooLarge(_ size: Int) -> PulsarError {
        PulsarError(
            .messageTooLarge,
            "The message takes \(size) bytes, the broker takes \(maximumMessageSize): make it smaller, compress it, or "
                + "allow chunking.")
    }
}

/// Messages that will leave in one entry.
struct MessageBatch {
    let first: OutgoingMessage
    let firstSequenceID: UInt64
    private(set) var lastSequenceID: UInt64
    private(set) var encoder = BatchEncoder()

    init(_ message: OutgoingMessage, sequenceID: UInt64) throws {
        first = message
        firstSequenceID = sequenceID
        lastSequenceID = sequenceID
        try encoder.append(message, sequenceID: sequenceID)
    }

    mutating func append(_ message: OutgoingMessage, sequenceID: UInt64) throws {
        try encoder.append(message, sequenceID: sequenceID)
        lastSequenceID = sequenceID
    }
}
