/// A document in a listing.
public struct DocumentListing: Hashable, Sendable {
    /// Relative to the root, with `/` between its parts.
    public let path: String
    public let size: Int
    /// Changes whenever the document does: an ETag, or size and modification time.
    public let tag: String
    /// Why the document is not to be read; `nil` for those that are.
    public let skipped: SkipReason?

    public init(path: String, size: Int, tag: String, skipped: SkipReason? = nil) {
        self.path = path
        self.size = size
        self.tag = tag
        self.skipped = skipped
    }
}
