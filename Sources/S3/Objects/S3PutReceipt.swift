/// What a server says of an object that it has taken.
public struct S3PutReceipt: Hashable, Sendable {
    public let etag: String
    /// `nil` where the bucket keeps no versions.
    public let versionID: String?
}
