/// How history is compressed. A value, so that the core needs no compressor of its own.
public struct HistoryCodec: Sendable {
    /// What objects are called behind `.jsonl.`, for example `zst`.
    public let suffix: String
    private let compressBytes: @Sendable ([UInt8]) throws -> [UInt8]
    private let decompressBytes: @Sendable ([UInt8]) throws -> [UInt8]

    /// - Parameters:
    ///   - compress: frames put one behind the other must be a valid file.
    ///   - decompress: of one frame; throws if it is damaged.
    public init(
        suffix: String,
        compress: @escaping @Sendable ([UInt8]) throws -> [UInt8],
        decompress: @escaping @Sendable ([UInt8]) throws -> [UInt8]
    ) {
        self.suffix = suffix
        compressBytes = compress
        decompressBytes = decompress
    }

    /// The messages as compressed lines of JSON, one a message.
    public func encode(_ messages: [Message]) throws -> [UInt8] {
        try compress(HistoryLines.encode(messages))
    }

    /// The messages of a block or frame.
    ///
    /// - Throws: ``StoreError`` with code `corrupt`.
    public func decode(_ bytes: [UInt8]) throws -> [Message] {
        try decode(bytes) { try HistoryLines.decode($0) }
    }

    /// The messages of one session in a block or frame.
    ///
    /// - Throws: ``StoreError`` with code `corrupt`.
    func decode(_ bytes: [UInt8], of session: SessionID) throws -> [Message] {
        try decode(bytes) { try HistoryLines.decode($0, of: session) }
    }

    private func decode(_ bytes: [UInt8], _ lines: ([UInt8]) throws -> [Message]) throws -> [Message] {
        do {
            return try lines(try decompressBytes(bytes))
        } catch {
            throw StoreError(
                .corrupt, "A block of archived history cannot be read. Restore it from a backup.", underlying: error)
        }
    }

    func compress(_ bytes: [UInt8]) throws -> [UInt8] {
        do {
            return try compressBytes(bytes)
        } catch {
            throw StoreError(.invalid, "History cannot be compressed. Report this as a bug.", underlying: error)
        }
    }
}
