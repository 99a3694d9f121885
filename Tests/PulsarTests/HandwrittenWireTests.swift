import FoundationEssentials
import NIOCore
import SwiftProtobuf
import Testing

@testable import Pulsar

/// What is written and read by hand, for speed, beside what the protobuf library makes of the same.
@Suite("Frames by hand")
struct HandwrittenWireTests {
    private func message(_ random: inout SystemRandomNumberGenerator) -> OutgoingMessage {
        func text() -> String { String(repeating: "ä", count: [0, 1, 70, 9000].randomElement(using: &random) ?? 0) }
        var message = OutgoingMessage(text())
        if Bool.random(using: &random) { message.key = text() }
        if Bool.random(using: &random) { message.orderingKey = Array(text().utf8) }
        for number in 0..<Int.random(in: 0..<3, using: &random) { message.properties["\(number)" + text()] = text() }
        if Bool.random(using: &random) { message.eventTime = .random(in: 0 ... .max, using: &random) }
        if Bool.random(using: &random) { message.delivery = .at(milliseconds: .random(in: -9...9, using: &random)) }
        message.isTombstone = Bool.random(using: &random)
        return message
    }

    /// The frame of `message` as the library would write it.
    private func expected(
        _ send: WireSend,
        _ metadata: WireMessageMetadata,
        _ payload: ByteBuffer
    ) throws -> ByteBuffer {
        var command = WireCommand()
        command.type = 6
        command.send = send
        var entry = ByteBuffer()
        try entry.writeLengthPrefixed(metadata)
        entry.writeImmutableBuffer(payload)
        var body = ByteBuffer()
        try body.writeLengthPrefixed(command)
        body.writeInteger(FrameFormat.checksumMagic)
        body.writeInteger(Checksum.crc32c(of: entry))
        body.writeImmutableBuffer(entry)
        var frame = ByteBuffer(integer: UInt32(body.readableBytes))
        frame.writeImmutableBuffer(body)
        return frame
    }

    private func metadata(_ message: OutgoingMessage, _ name: String, _ sequenceID: UInt64, _ now: Int64)
        -> WireMessageMetadata
    {
        var metadata = WireMessageMetadata()
        metadata.producerName = name
        metadata.sequenceID = sequenceID
        metadata.publishTime = UInt64(max(0, now))
        metadata.properties = message.properties.wire
        if let key = message.key { metadata.partitionKey = key }
        if let orderingKey = message.orderingKey { metadata.orderingKey = Data(orderingKey) }
        if let eventTime = message.eventTime { metadata.eventTime = eventTime }
        return metadata
    }

    private func writer(
        _ id: UInt64,
        _ name: String,
        _ codec: CompressionCodec = .none,
        largest: Int = 1 << 20
    ) -> EntryWriter {
        EntryWriter(
            producerID: id, producerName: name, compression: codec, allowsChunking: largest < 1 << 20,
            maximumMessageSize: largest)
    }

    @Test("messages are the bytes that the library writes")
    func messages() throws {
        var random = SystemRandomNumberGenerator()
        for round in 0..<500 {
            let message = message(&random)
            let (id, sequence) = (UInt64.random(in: 0 ... .max), UInt64.random(in: 0 ... .max) >> (round % 64))
            let name = String(repeating: "p", count: [0, 10, 200].randomElement() ?? 0)
            let now = Int64.random(in: -1 ... .max)
            let codec = CompressionCodec.allCases[round % 4]
            var metadata = metadata(message, name, sequence, now)
            if message.isTombstone { metadata.nullValue = true }
            if let deliverAt = message.deliverAt(now: now) { metadata.deliverAtTime = deliverAt }
            let payload = try codec.compress(message.payload)
            if codec != .none, message.payload.readableBytes > 0 {
                metadata.compression = codec.wire
                metadata.uncompressedSize = UInt32(message.payload.readableBytes)
            }
            var send = WireSend()
            send.producerID = id
            send.sequenceID = sequence
            let frame = try writer(id, name, codec).frame(message, sequenceID: sequence, now: now)
            let sent = message.payload.readableBytes > 0 ? payload : message.payload
            #expect(frame?.bytes == (try expected(send, metadata, sent)))
        }
    }

    @Test("batches are the bytes that the library writes")
    func batches() throws {
        var random = SystemRandomNumberGenerator()
        for _ in 0..<100 {
            let messages = (0..<Int.random(in: 2..<5, using: &random)).map { _ in message(&random) }
            var batch = MessageBatch(messages[0], sequenceID: 300)
            for (place, message) in messages.enumerated().dropFirst() {
                batch.append(message, sequenceID: 300 + UInt64(place))
            }
            var payload = ByteBuffer()
            for (place, message) in messages.enumerated() {
                var single = WireSingleMessageMetadata()
                single.payloadSize = Int32(message.payload.readableBytes)
                single.sequenceID = 300 + UInt64(place)
                if let key = message.key { single.partitionKey = key }
                if let orderingKey = message.orderingKey { single.orderingKey = Data(orderingKey) }
                if let eventTime = message.eventTime { single.eventTime = eventTime }
                if message.isTombstone { single.nullValue = true }
                single.properties = message.properties.wire
                try payload.writeLengthPrefixed(single)
                payload.writeImmutableBuffer(message.payload)
            }
            let last = 299 + UInt64(messages.count)
            var metadata = metadata(messages[0], "p", 300, 5)
            metadata.properties = []
            metadata.highestSequenceID = last
            metadata.numMessagesInBatch = Int32(messages.count)
            var send = WireSend()
            send.producerID = 1
            send.sequenceID = 300
            send.highestSequenceID = last
            send.numMessages = Int32(messages.count)
            #expect(try writer(1, "p").frame(batch, now: 5).bytes == expected(send, metadata, payload))
        }
    }

    @Test("chunks are the bytes that the library writes, and none is larger than the broker takes")
    func chunks() throws {
        let writer = writer(1, "p", largest: 2000)
        let message = OutgoingMessage(bytes: (0..<5000).map { UInt8(truncatingIfNeeded: $0) }, key: "k")
        #expect(try writer.frame(message, sequenceID: 9, now: 5)?.bytes == nil)
        let frames = try writer.chunks(message, sequenceID: 9, now: 5)
        let room = 2000 - 1024 - (try metadata(message, "p", 9, 5).serializedData().count)
        var payload = message.payload
        for (number, frame) in frames.enumerated() {
            var metadata = metadata(message, "p", 9, 5)
            metadata.uuid = "p-9"
            metadata.numChunksFromMsg = Int32(frames.count)
            metadata.totalChunkMsgSize = 5000
            metadata.chunkID = Int32(number)
            var send = WireSend()
            send.producerID = 1
            send.sequenceID = 9
            send.isChunk = true
            let piece = payload.readSlice(length: min(room, payload.readableBytes)) ?? ByteBuffer()
            #expect(frame.bytes == (try expected(send, metadata, piece)))
        }
        #expect(payload.readableBytes == 0)
    }

    @Test("a message of just the broker's size leaves, one byte more is refused")
    func limit() throws {
        let message = OutgoingMessage(bytes: [UInt8](repeating: 1, count: 1000), key: "k")
        let size = 1000 + (try metadata(message, "p", 9, 5).serializedData().count)
        func writer(_ largest: Int) -> EntryWriter {
            EntryWriter(
                producerID: 1, producerName: "p", compression: .none, allowsChunking: false,
                maximumMessageSize: largest)
        }
        #expect(try writer(size).frame(message, sequenceID: 9, now: 5) != nil)
        #expect(throws: PulsarError.self) { try writer(size - 1).frame(message, sequenceID: 9, now: 5) }
    }

    @Test("receipts are read as the library reads them")
    func receipts() throws {
        var random = SystemRandomNumberGenerator()
        for round in 0..<1000 {
            var receipt = WireSendReceipt()
            receipt.producerID = .random(in: 0 ... .max) >> UInt64(round % 64)
            receipt.sequenceID = .random(in: 0 ... .max) >> UInt64(round % 64)
            if Bool.random() { receipt.highestSequenceID = .random(in: 0 ... .max) }
            receipt.messageID.ledgerID = .random(in: 0 ... .max)
            receipt.messageID.entryID = .random(in: 0 ... .max) >> UInt64(round % 64)
            if Bool.random() { receipt.messageID.partition = .random(in: -1...99) }
            if Bool.random() { receipt.messageID.batchIndex = .random(in: -1...99) }
            if Bool.random() { receipt.messageID.batchSize = .random(in: 0...99) }
            var command = WireCommand()
            command.type = 7
            command.sendReceipt = receipt
            var bytes: [UInt8] = try command.serializedBytes()
            #expect(bytes.withUnsafeBytes { SendReceipt(command: $0) } == SendReceipt(receipt))
            // Whatever the bytes are: where both read something they read the same.
            bytes[Int.random(in: 0..<bytes.count, using: &random)] = .random(in: 0 ... .max, using: &random)
            if let read = bytes.withUnsafeBytes({ SendReceipt(command: $0) }),
                let known = try? WireCommand(serializedBytes: bytes)
            {
                #expect(read == SendReceipt(known.sendReceipt))
            }
        }
    }

    @Test("receipts that come together are one frame, in order, and end where something else begins")
    func receiptsTogether() throws {
        var bytes = ByteBuffer()
        for sequence: UInt64 in 0..<3 {
            bytes.writeImmutableBuffer(try FrameEncoder.encode(.sendReceipt(Samples.receipt(sequence))))
        }
        bytes.writeImmutableBuffer(try FrameEncoder.encode(.pong(WirePong())))
        // One that the fast reader leaves to the library.
        var other = Samples.receipt(3)
        other.messageID.ackSet = [1]
        bytes.writeImmutableBuffer(try FrameEncoder.encode(.sendReceipt(other)))
        let frames = try FrameDecoder.frames(of: bytes, piece: 4096)
        guard frames.count == 3, case .receipts(let together) = frames[0], case .command(.pong) = frames[1],
            case .receipts(let alone) = frames[2]
        else { Issue.record("found \(frames)"); return }
        #expect(together.map(\.sequenceID) == [0, 1, 2] && alone.map(\.sequenceID) == [3])
        let pieces = try FrameDecoder.frames(of: bytes, piece: 5)
        #expect(pieces.count == 5)
    }
}
