/// A document with its bytes.
public struct Document: Hashable, Sendable {
    public let path: String
    public let tag: String
    /// SHA-256 of the bytes; from an object store with the object's version id and ETag before it.
    public let version: String
    public let bytes: [UInt8]

    public init(path: String, tag: String, version: String, bytes: [UInt8]) {
        self.path = path
        self.tag = tag
        self.version = version
        self.bytes = bytes
    }
}
