import NIOCore

/// Turns messages into the frames of a producer's entries.
struct EntryWriter {
    let producerID: UInt64
    var producerName: String
    let compression: CompressionCodec
    let allowsChunking: Bool
    var maximumMessageSize: Int

    /// What metadata and framing of a chunk take, with a key and properties of ordinary size; the exact size is checked.
    private static let chunkAllowance = 1024

    /// The frame of one message on its own; `nil` if it has to be sent in chunks.
    ///
    /// - Parameter now: milliseconds since 1970.
    /// - Throws: ``PulsarError`` with code `messageTooLarge` or `invalidMessage`.
    func frame(_ message: OutgoingMessage, sequenceID: UInt64, now: Int64) throws -> EntryFrame? {
        let (header, payload) = try entry(message, sequenceID, now)
        // Measured only where it matters.
        if payload.readableBytes + header.room > maximumMessageSize {
            let size = payload.readableBytes + header.metadataSize
            guard size <= maximumMessageSize || allowsChunking else { throw tooLarge(size) }
            guard size <= maximumMessageSize else { return nil }
        }
        return EntryFrame(header: header, payload: payload)
    }

    /// The frames of one message in chunks.
    ///
    /// - Throws: as ``frame(_:sequenceID:now:)``.
    func chunks(_ message: OutgoingMessage, sequenceID: UInt64, now: Int64) throws -> [EntryFrame] {
        var (header, payload) = try entry(message, sequenceID, now)
        let room = maximumMessageSize - header.metadataSize - Self.chunkAllowance
        guard room > 0 else {
            throw PulsarError(
                .messageTooLarge, "Key and properties alone are larger than the broker's \(maximumMessageSize) bytes.")
        }
        let (size, total) = (payload.readableBytes, (payload.readableBytes + room - 1) / room)
        return (0..<total).map { number in
            header.chunk = EntryHeader.Chunk(
                uuid: "\(producerName)-\(sequenceID)", number: Int32(number), total: Int32(total), size: Int32(size))
            let piece = payload.readSlice(length: min(room, payload.readableBytes)) ?? ByteBuffer()
            return EntryFrame(header: header, payload: piece)
        }
    }

    /// The frame of a batch.
    ///
    /// - Throws: as ``frame(_:sequenceID:now:)``.
    func frame(_ batch: MessageBatch, now: Int64) throws -> EntryFrame {
        var header = header(of: batch.first, batch.firstSequenceID, now)
        header.batch = (batch.encoder.count, batch.lastSequenceID)
        header.properties = [:]
        let payload = try compress(batch.encoder.payload, &header)
        guard payload.readableBytes <= maximumMessageSize else { throw tooLarge(payload.readableBytes) }
        return EntryFrame(header: header, payload: payload)
    }

    private func entry(
        _ message: OutgoingMessage,
        _ sequenceID: UInt64,
        _ now: Int64
    ) throws -> (EntryHeader, payload: ByteBuffer) {
        var header = header(of: message, sequenceID, now)
        header.isTombstone = message.isTombstone
        header.deliverAt = message.deliverAt(now: now)
        let payload = try compress(message.payload, &header)
        return (header, payload)
    }

    private func header(of message: OutgoingMessage, _ sequenceID: UInt64, _ now: Int64) -> EntryHeader {
        EntryHeader(
            producerID: producerID, producerName: producerName, sequenceID: sequenceID,
            publishTime: UInt64(max(0, now)), properties: message.properties, key: message.key,
            orderingKey: message.orderingKey, eventTime: message.eventTime)
    }

    private func compress(_ payload: ByteBuffer, _ header: inout EntryHeader) throws -> ByteBuffer {
        guard compression != .none, payload.readableBytes > 0 else { return payload }
        header.compression = (compression, payload.readableBytes)
        return try compression.compress(payload)
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

    init(_ message: OutgoingMessage, sequenceID: UInt64) {
        first = message
        firstSequenceID = sequenceID
        lastSequenceID = sequenceID
        encoder.append(message, sequenceID: sequenceID)
    }

    mutating func append(_ message: OutgoingMessage, sequenceID: UInt64) {
        encoder.append(message, sequenceID: sequenceID)
        lastSequenceID = sequenceID
    }
}
