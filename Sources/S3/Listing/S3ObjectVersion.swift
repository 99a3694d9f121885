/// One version of an object, or the mark that it was deleted.
public struct S3ObjectVersion: Hashable, Sendable {
    public let key: String
    public let versionID: String
    public let isLatest: Bool
    public let isDeleteMarker: Bool
    /// 0 for a delete marker.
    public let size: Int
    /// Empty for a delete marker.
    public let etag: String
}
