import NIOCore

/// What a SEND frame tells of its entry: the command and the entry's metadata.
struct EntryHeader {
    /// A piece of a message, and the message that it is of.
    struct Chunk {
        let uuid: String
        let number: Int32
        let total: Int32
        /// Of the whole message.
        let size: Int32
    }

    let producerID: UInt64
    let producerName: String
    let sequenceID: UInt64
    /// Milliseconds since 1970.
    let publishTime: UInt64
    var properties: [String: String] = [:]
    var key: String?
    var orderingKey: [UInt8]?
    var eventTime: UInt64?
    var deliverAt: Int64?
    var isTombstone = false
    var compression: (codec: CompressionCodec, uncompressedSize: Int)?
    /// Of a batch: how many messages it holds, and the last one's number.
    var batch: (count: Int32, lastSequenceID: UInt64)?
    var chunk: Chunk?

    /// More than framing, command and metadata take. Everything but texts and bytes fits into the constant.
    var room: Int {
        256 + producerName.utf8.count + (key?.utf8.count ?? 0) + (orderingKey?.count ?? 0)
            + (chunk?.uuid.utf8.count ?? 0)
            + ProtobufWriter.room(for: properties)
    }

    /// What the metadata alone takes.
    var metadataSize: Int {
        var buffer = ByteBuffer()
        return buffer.writeWithUnsafeMutableBytes(minimumWritableBytes: room) { memory in
            var writer = ProtobufWriter(memory)
            writeMetadata(&writer)
            return writer.count
        }
    }

    /// Writes a `Command` that holds a `Send`. It takes less than 64 bytes.
    func writeCommand(_ writer: inout ProtobufWriter) {
        writer.field(1, 6)
        writer.small(6) { writer in
            writer.field(1, producerID)
            writer.field(2, sequenceID)
            if let batch {
                writer.field(3, UInt64(bitPattern: Int64(batch.count)))
                writer.field(6, batch.lastSequenceID)
            }
            if chunk != nil { writer.field(7, 1) }
        }
    }

    /// Writes a `MessageMetadata`.
    func writeMetadata(_ writer: inout ProtobufWriter) {
        writer.field(1, producerName)
        writer.field(2, sequenceID)
        writer.field(3, publishTime)
        writer.properties(4, properties)
        if let key { writer.field(6, key) }
        if let compression {
            writer.field(8, UInt64(compression.codec.wire.rawValue))
            writer.field(9, UInt64(compression.uncompressedSize))
        }
        if let batch { writer.field(11, UInt64(bitPattern: Int64(batch.count))) }
        if let eventTime { writer.field(12, eventTime) }
        if let orderingKey { orderingKey.withUnsafeBytes { writer.field(18, $0) } }
        if let deliverAt { writer.field(19, UInt64(bitPattern: deliverAt)) }
        if let batch { writer.field(24, batch.lastSequenceID) }
        if isTombstone { writer.field(25, 1) }
        if let chunk {
            writer.field(26, chunk.uuid)
            writer.field(27, UInt64(bitPattern: Int64(chunk.total)))
            writer.field(28, UInt64(bitPattern: Int64(chunk.size)))
            writer.field(29, UInt64(bitPattern: Int64(chunk.number)))
        }
    }
}
