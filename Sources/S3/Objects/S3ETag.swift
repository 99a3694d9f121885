import Crypto

/// The tags by which S3 names the content of objects.
public enum S3ETag {
    /// The tag of an object that was put in one piece: the MD5 of its bytes.
    public static func single(_ bytes: some Sequence<UInt8>) -> String { Hexadecimal.text(md5(bytes)) }

    /// The tag of an object that was put in parts: the MD5 of the parts' MD5s, and their number.
    ///
    /// - Parameter parts: the tags of the parts; `nil` if one of them is no MD5.
    public static func multipart(_ parts: [String]) -> String? {
        var joined: [UInt8] = []
        for part in parts {
            guard let bytes = Hexadecimal.bytes(part), bytes.count == 16 else { return nil }
            joined += bytes
        }
        return "\(Hexadecimal.text(md5(joined)))-\(parts.count)"
    }

    static func unquoted(_ tag: String) -> String {
        let strong = tag.hasPrefix("W/") ? tag.dropFirst(2) : tag[...]
        return strong.count >= 2 && strong.hasPrefix("\"") && strong.hasSuffix("\"")
            ? String(strong.dropFirst().dropLast()) : String(strong)
    }

    static func quoted(_ tag: String) -> String { tag == "*" || tag.hasPrefix("\"") ? tag : "\"\(tag)\"" }

    private static func md5(_ bytes: some Sequence<UInt8>) -> Insecure.MD5Digest {
        var hash = Insecure.MD5()
        if bytes.withContiguousStorageIfAvailable({ hash.update(bufferPointer: UnsafeRawBufferPointer($0)) }) == nil {
            hash.update(data: Array(bytes))
        }
        return hash.finalize()
    }
}
