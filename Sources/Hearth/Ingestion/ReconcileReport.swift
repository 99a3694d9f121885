/// What a comparison of a source with its index found.
public struct ReconcileReport: Hashable, Sendable, Codable {
    public var projectID: ProjectID
    public var index: IndexReference
    /// Documents in the listing that are to be indexed.
    public var listed = 0
    public var changed = 0
    public var deleted = 0
    public var unchanged = 0
    /// Passages of unchanged documents that have no vector yet.
    public var unembedded = 0
    /// Documents that are not indexed, by reason.
    public var skipped: [SkipReason: Int] = [:]
    /// Whether index and source agree: everything listed is in the index as it is, with all vectors.
    public var isComplete: Bool { changed == 0 && deleted == 0 && unembedded == 0 }

    public init(projectID: ProjectID, index: IndexReference) {
        self.projectID = projectID
        self.index = index
    }
}
