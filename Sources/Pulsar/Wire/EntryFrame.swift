import NIOCore

/// A SEND frame that is not bytes yet: it becomes some where it leaves, behind the frames before it, and the payload is
/// copied there for the first time.
struct EntryFrame: Sendable {
    let header: EntryHeader
    let payload: ByteBuffer

    /// The frame on its own.
    var bytes: ByteBuffer {
        var buffer = ByteBuffer()
        write(to: &buffer)
        return buffer
    }

    /// More than the frame takes.
    var room: Int { header.room + payload.readableBytes }

    /// Writes the frame, checksum included.
    func write(to buffer: inout ByteBuffer) {
        buffer.writeWithUnsafeMutableBytes(minimumWritableBytes: room) { memory in
            var writer = ProtobufWriter(memory)
            writer.skip(8)
            header.writeCommand(&writer)
            writer.set(writer.count - 8, at: 4)
            writer.write(FrameFormat.checksumMagic)
            let (checksum, metadata) = (writer.count, writer.count + 8)
            writer.skip(8)
            header.writeMetadata(&writer)
            writer.set(writer.count - metadata, at: metadata - 4)
            payload.withUnsafeReadableBytes { writer.bytes($0) }
            let entry = UnsafeRawBufferPointer(rebasing: memory[checksum + 4..<writer.count])
            writer.set(Int(Checksum.crc32c(entry)), at: checksum)
            writer.set(writer.count - 4, at: 0)
            return writer.count
        }
    }
}
