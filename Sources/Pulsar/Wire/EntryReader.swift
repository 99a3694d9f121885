import FoundationEssentials
import NIOCore

/// Takes an intact entry apart into its messages.
struct EntryReader {
    /// The most that a compressed entry may unfold to.
    static let largestPayload = FrameDecoder.largestFrame

    let topic: String
    let source: SourceID
    let partition: Int32

    /// The messages of an entry, in order.
    ///
    /// - Parameter payload: decompressed already, and whole if it was sent in chunks.
    /// - Throws: ``PulsarError`` with code `corruptMessage`.
    func messages(
        _ delivery: WireMessage,
        id: MessageID,
        metadata: WireMessageMetadata,
        payload: ByteBuffer,
        index: UInt64?
    ) throws -> [Message] {
        guard metadata.hasNumMessagesInBatch else {
            return [single(delivery, id: id, metadata: metadata, payload: payload, index: index)]
        }
        return try batch(delivery, id: id, metadata: metadata, payload: payload, index: index)
    }

    /// - Throws: ``PulsarError`` with code `corruptMessage` or `unsupported`.
    static func decompress(_ payload: ByteBuffer, _ metadata: WireMessageMetadata) throws -> ByteBuffer {
        guard !metadata.hasEncryptionAlgo else {
            throw PulsarError(.unsupported, "The message is encrypted, which this client cannot read.")
        }
        let codec = try CompressionCodec(metadata.compression)
        return try codec.decompress(payload, size: Int(metadata.uncompressedSize), limit: largestPayload)
    }

    private func single(
        _ delivery: WireMessage,
        id: MessageID,
        metadata: WireMessageMetadata,
        payload: ByteBuffer,
        index: UInt64?
    ) -> Message {
        Message(
            id: id, topic: topic, payload: payload, key: metadata.hasPartitionKey ? metadata.partitionKey : nil,
            orderingKey: metadata.hasOrderingKey ? [UInt8](metadata.orderingKey) : nil,
            properties: Dictionary(metadata.properties), producerName: metadata.producerName,
            sequenceID: metadata.sequenceID, publishTime: metadata.publishTime,
            eventTime: metadata.hasEventTime && metadata.eventTime > 0 ? metadata.eventTime : nil,
            redeliveryCount: Int(delivery.redeliveryCount), isTombstone: metadata.nullValue, index: index,
            source: source)
    }

    private func batch(
        _ delivery: WireMessage,
        id: MessageID,
        metadata: WireMessageMetadata,
        payload: ByteBuffer,
        index: UInt64?
    ) throws -> [Message] {
        var payload = payload
        let count = metadata.numMessagesInBatch
        // Each message has at least the length of its metadata: a count that cannot be true is not allocated for.
        guard count > 0, Int(count) <= payload.readableBytes / 4 else {
            throw PulsarError(.corruptMessage, "A batch claims \(count) messages in \(payload.readableBytes) bytes.")
        }
        var messages: [Message] = []
        messages.reserveCapacity(Int(count))
        for place in 0..<count {
            guard let length = payload.readInteger(as: UInt32.self),
                let single = try? payload.readMessage(WireSingleMessageMetadata.self, length: Int(length)),
                single.payloadSize >= 0, let body = payload.readSlice(length: Int(single.payloadSize))
            else { throw PulsarError(.corruptMessage, "A batch of \(count) messages ends within message \(place).") }
            if single.compactedOut { continue }
            messages.append(
                Message(
                    id: MessageID(
                        ledgerID: id.ledgerID, entryID: id.entryID, partition: id.partition, batchIndex: place,
                        batchSize: count),
                    topic: topic, payload: body, key: single.hasPartitionKey ? single.partitionKey : nil,
                    orderingKey: single.hasOrderingKey ? [UInt8](single.orderingKey) : nil,
                    properties: Dictionary(single.properties), producerName: metadata.producerName,
                    sequenceID: single.hasSequenceID ? single.sequenceID : metadata.sequenceID + UInt64(place),
                    publishTime: metadata.publishTime,
                    eventTime: single.hasEventTime && single.eventTime > 0 ? single.eventTime : nil,
                    redeliveryCount: Int(delivery.redeliveryCount), isTombstone: single.nullValue,
                    index: index.map { $0 &- UInt64(count - 1 - place) }, source: source))
        }
        return messages
    }
}
