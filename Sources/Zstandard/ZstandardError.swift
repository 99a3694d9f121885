import CZstd

/// Why bytes could not be compressed or unpacked. Never retriable: the same bytes give the same error.
public struct ZstandardError: Error, Sendable, Hashable, CustomStringConvertible {
    /// One sentence.
    public let message: String

    init(message: String) { self.message = message }

    init(code: Int) { message = "Zstandard: \(String(cString: ZSTD_getErrorName(code)))." }

    public var description: String { message }
}
