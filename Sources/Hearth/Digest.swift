import Crypto
import FoundationEssentials

/// SHA-256 in lower-case hexadecimal.
public enum Digest {
    /// The hash of bytes.
    public static func sha256(_ bytes: some Sequence<UInt8>) -> String {
        var hash = SHA256()
        if bytes.withContiguousStorageIfAvailable({ hash.update(bufferPointer: UnsafeRawBufferPointer($0)) }) == nil {
            hash.update(data: Array(bytes))
        }
        return hex(hash.finalize())
    }

    /// The hash of a text's UTF-8.
    public static func sha256(_ text: String) -> String { sha256(text.utf8) }

    /// A hash of several texts; where one ends and the next begins is part of it.
    public static func sha256(of parts: [String]) -> String {
        var hash = SHA256()
        for part in parts {
            hash.update(data: Array("\(part.utf8.count):".utf8))
            hash.update(data: Array(part.utf8))
        }
        return hex(hash.finalize())
    }

    private static func hex(_ digest: SHA256Digest) -> String {
        let digits = Array("0123456789abcdef".utf8)
        var text = [UInt8]()
        text.reserveCapacity(64)
        for byte in digest {
            text.append(digits[Int(byte >> 4)])
            text.append(digits[Int(byte & 15)])
        }
        return String(decoding: text, as: UTF8.self)
    }
}
