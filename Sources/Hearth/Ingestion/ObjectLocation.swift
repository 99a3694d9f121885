/// Where a codebase is in an object store: what a source like `s3://bucket/prefix` names.
public struct ObjectLocation: Hashable, Sendable, CustomStringConvertible {
    /// How one object holds a whole tree.
    public enum Archive: String, Hashable, Sendable {
        case tarGzip
        case zip
    }

    /// What holds the tree.
    public enum Tree: Hashable, Sendable {
        /// All objects below a folder: empty, or with `/` at its end.
        case folder(prefix: String)
        case archive(key: String, Archive)
    }

    public let bucket: String
    public let tree: Tree

    /// Whether a source is one of an object store.
    public static func isMeant(by source: String) -> Bool { source.hasPrefix("s3://") }

    /// Reads `s3://bucket`, `s3://bucket/folder`, `s3://bucket/key.tar.gz` (or `.tgz`) and `s3://bucket/key.zip`; `nil` for
    /// everything else. A folder's name stands for itself: `s3://bucket/src` does not mean `src2/a.swift`.
    public init?(_ source: String) {
        guard Self.isMeant(by: source) else { return nil }
        let rest = source.dropFirst(5)
        let bucket = rest.prefix { $0 != "/" }
        guard (1...255).contains(bucket.utf8.count), bucket.utf8.allSatisfy(Self.isAllowed) else { return nil }
        self.bucket = String(bucket)
        let key = String(rest.dropFirst(bucket.count + 1))
        if key.hasSuffix(".tar.gz") || key.hasSuffix(".tgz") {
            tree = .archive(key: key, .tarGzip)
        } else if key.hasSuffix(".zip") {
            tree = .archive(key: key, .zip)
        } else {
            tree = .folder(prefix: key.isEmpty || key.hasSuffix("/") ? key : key + "/")
        }
    }

    /// Whether an object of this bucket is part of the codebase, or all of it.
    public func holds(_ key: String) -> Bool {
        switch tree {
        case .folder(let prefix): key.utf8.starts(with: prefix.utf8) && key.utf8.count > prefix.utf8.count
        case .archive(let archive, _): key == archive
        }
    }

    /// The path of the document that an object is; `nil` for foreign objects and for archives.
    public func path(of key: String) -> String? {
        guard case .folder(let prefix) = tree, holds(key) else { return nil }
        return String(decoding: key.utf8.dropFirst(prefix.utf8.count), as: UTF8.self)
    }

    public var description: String {
        switch tree {
        case .folder(let prefix): "s3://\(bucket)/\(prefix)"
        case .archive(let key, _): "s3://\(bucket)/\(key)"
        }
    }

    private static func isAllowed(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"):
            true
        default: false
        }
    }
}
