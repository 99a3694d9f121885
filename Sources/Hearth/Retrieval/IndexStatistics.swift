/// How much is in an index.
public struct IndexStatistics: Hashable, Sendable, Codable {
    public var documents: Int
    public var passages: Int
    /// Passages among them that have no vector yet.
    public var unembedded: Int
    /// Bytes on disk, where the index knows them.
    public var bytes: Int

    public init(documents: Int = 0, passages: Int = 0, unembedded: Int = 0, bytes: Int = 0) {
        self.documents = documents
        self.passages = passages
        self.unembedded = unembedded
        self.bytes = bytes
    }
}
