import CZstd

/// Compression with Zstandard (RFC 8878). Frames put one behind the other are a file that `zstd -d` reads.
public enum Zstandard {
    /// One frame that says how long its content is.
    ///
    /// - Parameter level: 1…19; higher ones take longer, above all to compress.
    /// - Throws: ``ZstandardError``.
    public static func compress(_ bytes: [UInt8], level: Int = 9) throws(ZstandardError) -> [UInt8] {
        let bound = ZSTD_compressBound(bytes.count)
        var written = 0
        let frame = [UInt8](unsafeUninitializedCapacity: bound) { target, count in
            written = bytes.withUnsafeBytes { source in
                ZSTD_compress(target.baseAddress, bound, source.baseAddress, source.count, Int32(level))
            }
            count = ZSTD_isError(written) == 0 ? written : 0
        }
        guard ZSTD_isError(written) == 0 else { throw ZstandardError(code: written) }
        return frame
    }

    /// The content of one or more frames.
    ///
    /// - Parameter limit: bytes that the content may have; what claims to be larger is refused before it is unpacked.
    /// - Throws: ``ZstandardError`` for damaged frames, those that do not say how long they are, and those beyond `limit`.
    public static func decompress(_ frames: [UInt8], limit: Int) throws(ZstandardError) -> [UInt8] {
        let size = try size(of: frames, limit: limit)
        var written = 0
        let bytes = [UInt8](unsafeUninitializedCapacity: max(size, 1)) { target, count in
            written = frames.withUnsafeBytes { source in
                ZSTD_decompress(target.baseAddress, size, source.baseAddress, source.count)
            }
            count = ZSTD_isError(written) == 0 ? written : 0
        }
        guard ZSTD_isError(written) == 0 else { throw ZstandardError(code: written) }
        guard written == size else { throw ZstandardError(message: "The frames end too early.") }
        return bytes
    }

    /// What the frames say that they hold together.
    private static func size(of frames: [UInt8], limit: Int) throws(ZstandardError) -> Int {
        var (size, offset) = (0, 0)
        while offset < frames.count {
            let (content, length) = frames[offset...].withUnsafeBytes { rest in
                (
                    ZSTD_getFrameContentSize(rest.baseAddress, rest.count),
                    ZSTD_findFrameCompressedSize(rest.baseAddress, rest.count)
                )
            }
            // The two highest values stand for "unknown" and "damaged".
            guard content <= UInt64(limit), ZSTD_isError(length) == 0, length > 0, size + Int(content) <= limit else {
                throw ZstandardError(
                    message: "The frames are damaged, of unknown size, or hold more than \(limit) bytes.")
            }
            size += Int(content)
            offset += length
        }
        return size
    }
}
