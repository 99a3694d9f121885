/// A document as an index has it: its row in the manifest.
public struct IndexedDocument: Hashable, Sendable, Codable {
    public let path: String
    /// Cheap to compare with a listing: an ETag, or size and modification time.
    public let tag: String
    /// SHA-256 of the document's bytes, or the object's version id.
    public let version: String
    public let size: Int
    public let language: String
    public let passageCount: Int
    /// Passages among them that have no vector yet.
    public let unembedded: Int
    /// Why the document has no passages although it is there; `nil` for indexed ones.
    public let skipped: SkipReason?

    public init(
        path: String,
        tag: String,
        version: String,
        size: Int,
        language: String,
        passageCount: Int,
        unembedded: Int = 0,
        skipped: SkipReason? = nil
    ) {
        self.path = path
        self.tag = tag
        self.version = version
        self.size = size
        self.language = language
        self.passageCount = passageCount
        self.unembedded = unembedded
        self.skipped = skipped
    }
}
