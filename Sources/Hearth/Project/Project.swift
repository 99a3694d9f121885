public import FoundationEssentials

/// A codebase and its settings.
public struct Project: Hashable, Sendable, Codable, Identifiable {
    public let id: ProjectID
    /// Where the documents are: an absolute folder path, or `s3://bucket/prefix`.
    public var source: String
    public var settings: ProjectSettings
    public let createdAt: Date
    /// When the source was last compared with the index; `nil` before the first ingestion.
    public var reconciledAt: Date?

    public init(
        id: ProjectID,
        source: String,
        settings: ProjectSettings = ProjectSettings(),
        createdAt: Date = Date(),
        reconciledAt: Date? = nil
    ) {
        self.id = id
        self.source = source
        self.settings = settings
        self.createdAt = createdAt
        self.reconciledAt = reconciledAt
    }
}
