import CPulsarCodecs
import NIOCore

/// How the payload of an entry is compressed. A batch is compressed as a whole.
public enum CompressionCodec: String, Hashable, Sendable, CaseIterable {
    case none, lz4, zlib, zstd
}

extension CompressionCodec {
    /// - Throws: ``PulsarError`` with code `unsupported` for a codec that this client cannot read (Snappy).
    init(_ wire: WireCompressionType) throws {
        switch wire {
        case .none: self = .none
        case .lz4: self = .lz4
        case .zlib: self = .zlib
        case .zstd: self = .zstd
        case .snappy:
            throw PulsarError(
                .unsupported,
                "The message is compressed with Snappy, which this client cannot read. Publish with "
                    + "LZ4, ZLIB or ZSTD.")
        }
    }

    var wire: WireCompressionType {
        switch self {
        case .none: .none
        case .lz4: .lz4
        case .zlib: .zlib
        case .zstd: .zstd
        }
    }

    private var native: pulsar_codec? {
        switch self {
        case .none: nil
        case .lz4: PULSAR_LZ4
        case .zlib: PULSAR_ZLIB
        case .zstd: PULSAR_ZSTD
        }
    }

    /// - Throws: ``PulsarError`` with code `messageTooLarge` beyond what the codec takes (1 GiB).
    func compress(_ payload: ByteBuffer) throws -> ByteBuffer {
        guard let native else { return payload }
        let size = payload.readableBytes
        let bound = pulsar_compress_bound(native, size)
        guard bound > 0 else {
            throw PulsarError(.messageTooLarge, "A payload of \(size) bytes is too large for \(self).")
        }
        var target = ByteBuffer()
        var failed = false
        target.writeWithUnsafeMutableBytes(minimumWritableBytes: bound) { room in
            payload.withUnsafeReadableBytes { bytes in
                let written = pulsar_compress(native, bytes.baseAddress, size, room.baseAddress, room.count)
                failed = written < 0
                return max(0, Int(written))
            }
        }
        guard !failed else { throw PulsarError(.invalidMessage, "The payload cannot be compressed with \(self).") }
        return target
    }

    /// - Parameter size: what the sender says is in it; more is never written.
    /// - Throws: ``PulsarError`` with code `corruptMessage` if the bytes are damaged or hold another amount.
    func decompress(_ payload: ByteBuffer, size: Int, limit: Int) throws -> ByteBuffer {
        guard let native else { return payload }
        guard size >= 0, size <= limit else {
            throw PulsarError(.corruptMessage, "A payload claims to hold \(size) bytes; at most \(limit) are taken.")
        }
        var target = ByteBuffer()
        var written: Int64 = 0
        target.writeWithUnsafeMutableBytes(minimumWritableBytes: max(size, 1)) { room in
            payload.withUnsafeReadableBytes { bytes in
                written = pulsar_decompress(native, bytes.baseAddress, bytes.count, room.baseAddress, size)
                return max(0, Int(written))
            }
        }
        guard written == size else {
            throw PulsarError(.corruptMessage, "A payload cannot be decompressed with \(self).")
        }
        return target
    }
}
