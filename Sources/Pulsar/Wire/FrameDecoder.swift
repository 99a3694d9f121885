import NIOCore

/// Takes the broker's bytes apart into frames.
///
/// Never holds more than one frame: a length beyond `maximumFrameSize` is refused before its bytes are waited for.
struct FrameDecoder: NIOSingleStepByteToMessageDecoder {
    typealias InboundOut = Frame

    /// A broker may be configured for far larger messages than the default, and tells so only after the handshake.
    static let largestFrame = 128 * 1024 * 1024

    var maximumFrameSize = FrameDecoder.largestFrame

    mutating func decode(buffer: inout ByteBuffer) throws -> Frame? {
        let receipts = Self.readReceipts(&buffer)
        guard receipts.isEmpty else { return .receipts(receipts) }
        guard let size = buffer.getInteger(at: buffer.readerIndex, as: UInt32.self).map(Int.init) else { return nil }
        guard size >= 4, size <= maximumFrameSize else {
            throw PulsarError(
                .protocolViolation,
                "The peer sent a frame of \(size) bytes, which no broker does: check that the address is a broker's "
                    + "binary port (6650 or 6651 by default), not its HTTP port.")
        }
        guard buffer.readableBytes >= 4 + size else { return nil }
        buffer.moveReaderIndex(forwardBy: 4)
        guard let frame = buffer.readSlice(length: size) else { return nil }
        return try Self.parse(frame)
    }

    mutating func decodeLast(buffer: inout ByteBuffer, seenEOF: Bool) throws -> Frame? {
        // What is left of a frame when the peer goes away is worth nothing.
        try decode(buffer: &buffer)
    }

    private static func parse(_ bytes: ByteBuffer) throws -> Frame {
        var bytes = bytes
        guard let commandSize = bytes.readInteger(as: UInt32.self) else {
            throw PulsarError(.protocolViolation, "A frame ends before its command.")
        }
        let command = try bytes.readMessage(WireCommand.self, length: Int(commandSize))
        switch command.part {
        case .message(let message): return .message(message, entry(bytes))
        case .sendReceipt(let receipt): return .receipts([SendReceipt(receipt)])
        case .some(let part): return .command(part)
        case nil: return .unknown
        }
    }

    /// Takes the receipts from the beginning of the buffer, as many as are there: what comes together is worth one turn
    /// of everybody behind this decoder, not one each.
    private static func readReceipts(_ buffer: inout ByteBuffer) -> [SendReceipt] {
        var (receipts, size): ([SendReceipt], Int) = ([], 0)
        buffer.withUnsafeReadableBytes { bytes in
            while bytes.count - size >= 8 {
                let frame = Int(UInt32(bigEndian: bytes.loadUnaligned(fromByteOffset: size, as: UInt32.self)))
                let command = Int(UInt32(bigEndian: bytes.loadUnaligned(fromByteOffset: size + 4, as: UInt32.self)))
                guard frame == command + 4, frame <= bytes.count - size - 4,
                    let receipt = SendReceipt(
                        command: UnsafeRawBufferPointer(rebasing: bytes[size + 8..<size + 8 + command]))
                else { return }
                receipts.append(receipt)
                size += 4 + frame
            }
        }
        buffer.moveReaderIndex(forwardBy: size)
        return receipts
    }

    private static func entry(_ bytes: ByteBuffer) -> Entry {
        var bytes = bytes
        var index: UInt64?
        if bytes.getInteger(at: bytes.readerIndex, as: UInt16.self) == FrameFormat.brokerMetadataMagic {
            bytes.moveReaderIndex(forwardBy: 2)
            guard let length = bytes.readInteger(as: UInt32.self),
                let broker = try? bytes.readMessage(WireBrokerEntryMetadata.self, length: Int(length))
            else { return .damaged(.batchDeserializeError) }
            index = broker.hasIndex ? broker.index : nil
        }
        if bytes.getInteger(at: bytes.readerIndex, as: UInt16.self) == FrameFormat.checksumMagic {
            bytes.moveReaderIndex(forwardBy: 2)
            guard let checksum = bytes.readInteger(as: UInt32.self), Checksum.crc32c(of: bytes) == checksum else {
                return .damaged(.checksumMismatch)
            }
        }
        guard let length = bytes.readInteger(as: UInt32.self),
            let metadata = try? bytes.readMessage(WireMessageMetadata.self, length: Int(length))
        else { return .damaged(.batchDeserializeError) }
        return .intact(metadata, payload: bytes, index: index)
    }
}
