/// What a comparison of a project with its source found.
public struct IngestState: Hashable, Sendable, Decodable {
    public let listed: Int
    public let changed: Int
    public let deleted: Int
    public let unchanged: Int
    /// Passages that have no vector yet.
    public let unembedded: Int
    public let skipped: [String: Int]

    public init(
        listed: Int, changed: Int, deleted: Int, unchanged: Int, unembedded: Int = 0, skipped: [String: Int] = [:]
    ) {
        self.listed = listed
        self.changed = changed
        self.deleted = deleted
        self.unchanged = unchanged
        self.unembedded = unembedded
        self.skipped = skipped
    }

    var isComplete: Bool { changed == 0 && deleted == 0 && unembedded == 0 }
}
