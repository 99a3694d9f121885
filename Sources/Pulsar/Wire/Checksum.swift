import CPulsarCodecs
import NIOCore

/// CRC-32C (Castagnoli), as RFC 3720 appendix B.4 defines it.
enum Checksum {
    static func crc32c(_ bytes: UnsafeRawBufferPointer) -> UInt32 {
        pulsar_crc32c(0, bytes.baseAddress, bytes.count)
    }

    static func crc32c(of buffer: ByteBuffer) -> UInt32 { buffer.withUnsafeReadableBytes { crc32c($0) } }
}
