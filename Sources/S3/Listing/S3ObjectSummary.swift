/// An object in a listing.
public struct S3ObjectSummary: Hashable, Sendable {
    public let key: String
    public let size: Int
    public let etag: String
    public let lastModified: S3Timestamp?

    public init(key: String, size: Int, etag: String, lastModified: S3Timestamp? = nil) {
        self.key = key
        self.size = size
        self.etag = etag
        self.lastModified = lastModified
    }
}
