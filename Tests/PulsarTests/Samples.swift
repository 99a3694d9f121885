import NIOCore

@testable import Pulsar

/// Frames and parts of them, as a broker would send them.
enum Samples {
    static func connected(maximumMessageSize: Int32? = nil, protocolVersion: Int32 = 20) -> WireCommand.OneOf_Part {
        var connected = WireConnected()
        connected.serverVersion = "test"
        connected.protocolVersion = protocolVersion
        if let maximumMessageSize { connected.maxMessageSize = maximumMessageSize }
        return .connected(connected)
    }

    static func success(_ id: UInt64) -> WireCommand.OneOf_Part {
        var success = WireSuccess()
        success.requestID = id
        return .success(success)
    }

    static func error(_ id: UInt64, _ code: ServerErrorCode) -> WireCommand.OneOf_Part {
        var error = WireError()
        error.requestID = id
        error.error = code.rawValue
        error.message = "no"
        return .error(error)
    }

    static func receipt(_ sequence: UInt64, entry: UInt64 = 0) -> WireSendReceipt {
        var receipt = WireSendReceipt()
        receipt.producerID = 1
        receipt.sequenceID = sequence
        receipt.messageID.ledgerID = 7
        receipt.messageID.entryID = entry
        return receipt
    }

    /// A MESSAGE frame with an entry of the producer's making.
    static func message(_ text: String, checksum: Bool = true, brokerIndex: UInt64? = nil) throws -> ByteBuffer {
        var metadata = WireMessageMetadata()
        metadata.producerName = "p"
        metadata.sequenceID = 3
        metadata.publishTime = 1
        var entry = ByteBuffer()
        try entry.writeLengthPrefixed(metadata)
        entry.writeString(text)
        var message = WireMessage()
        message.consumerID = 1
        message.messageID.ledgerID = 5
        message.messageID.entryID = 6
        var command = WireCommand()
        command.type = 9
        command.message = message
        var body = ByteBuffer()
        try body.writeLengthPrefixed(command)
        if let brokerIndex {
            var broker = WireBrokerEntryMetadata()
            broker.index = brokerIndex
            body.writeInteger(FrameFormat.brokerMetadataMagic)
            try body.writeLengthPrefixed(broker)
        }
        if checksum {
            body.writeInteger(FrameFormat.checksumMagic)
            body.writeInteger(Checksum.crc32c(of: entry))
        }
        body.writeBuffer(&entry)
        var frame = ByteBuffer(integer: UInt32(body.readableBytes))
        frame.writeBuffer(&body)
        return frame
    }

    static func received(_ text: String, source: Int = 1, entry: Int64 = 0, batch: Int32 = -1) -> Message {
        Message(
            id: MessageID(ledgerID: 1, entryID: entry, batchIndex: batch, batchSize: batch < 0 ? 0 : 10), topic: "t",
            payload: ByteBuffer(string: text), key: nil, orderingKey: nil, properties: [:], producerName: "p",
            sequenceID: 0, publishTime: 0, eventTime: nil, redeliveryCount: 0, isTombstone: false, index: nil,
            source: SourceID(rawValue: source))
    }
}

extension FrameDecoder {
    /// All frames of `bytes`, handed over in pieces of `piece` bytes.
    static func frames(of bytes: ByteBuffer, piece: Int) throws -> [Frame] {
        var (bytes, waiting, decoder) = (bytes, ByteBuffer(), FrameDecoder())
        var frames: [Frame] = []
        while bytes.readableBytes > 0 {
            var next = bytes.readSlice(length: min(piece, bytes.readableBytes)) ?? ByteBuffer()
            waiting.writeBuffer(&next)
            while let frame = try decoder.decode(buffer: &waiting) { frames.append(frame) }
        }
        return frames
    }
}

extension ProducerMachine {
    mutating func received(receipt: WireSendReceipt, time: Int64) -> Effects {
        received(receipts: [SendReceipt(receipt)], time: time)
    }
}
