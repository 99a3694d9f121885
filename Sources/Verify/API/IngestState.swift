/// What a comparison of a project with its source found.
public struct IngestState: Hashable, Sendable, Decodable {
    public let listed: Int
    public let changed: Int
    public let deleted: Int
    public let unchanged: Int
    public let skipped: [String: Int]

    public init(listed: Int, changed: Int, deleted: Int, unchanged: Int, skipped: [String: Int] = [:]) {
        self.listed = listed
        self.changed = changed
        self.deleted = deleted
        self.unchanged = unchanged
        self.skipped = skipped
    }

    var isComplete: Bool { changed == 0 && deleted == 0 }
}
