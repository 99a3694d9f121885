import NIOCore
import SwiftProtobuf

/// A part of a buffer, lent to the protobuf decoder without a copy.
struct ProtobufBytes: SwiftProtobufContiguousBytes {
    private var buffer: ByteBuffer

    init(_ buffer: ByteBuffer) { self.buffer = buffer }

    init(repeating byte: UInt8, count: Int) { buffer = ByteBuffer(repeating: byte, count: count) }

    init<Bytes: Sequence>(_ bytes: Bytes) where Bytes.Element == UInt8 { buffer = ByteBuffer(bytes: bytes) }

    var count: Int { buffer.readableBytes }

    func withUnsafeBytes<Result>(_ body: (UnsafeRawBufferPointer) throws -> Result) rethrows -> Result {
        try buffer.withUnsafeReadableBytes(body)
    }

    mutating func withUnsafeMutableBytes<Result>(
        _ body: (UnsafeMutableRawBufferPointer) throws -> Result
    ) rethrows -> Result {
        try buffer.withUnsafeMutableReadableBytes(body)
    }
}

extension ByteBuffer {
    /// Reads `length` bytes as a protobuf message.
    ///
    /// - Throws: ``PulsarError`` with code `protocolViolation` if there are fewer, or they are not such a message.
    mutating func readMessage<Message: SwiftProtobuf.Message>(_: Message.Type, length: Int) throws -> Message {
        guard let slice = readSlice(length: length) else {
            throw PulsarError(.protocolViolation, "A frame ends within a \(Message.protoMessageName).")
        }
        do {
            return try Message(serializedBytes: ProtobufBytes(slice))
        } catch {
            throw PulsarError(
                .protocolViolation, "A frame holds no readable \(Message.protoMessageName).", underlying: error)
        }
    }

    /// Writes the message's length as four bytes and the message itself.
    ///
    /// - Throws: what the protobuf library throws for a message without a required field; ours have none.
    mutating func writeLengthPrefixed(_ message: some SwiftProtobuf.Message) throws {
        let bytes: [UInt8] = try message.serializedBytes()
        writeInteger(UInt32(bytes.count))
        writeBytes(bytes)
    }
}
