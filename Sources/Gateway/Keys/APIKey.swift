public import FoundationEssentials
public import Hearth

/// One API key, as it is stored: the key itself is shown once, when it is made.
public struct APIKey: Hashable, Sendable, Codable {
    /// For people and for the log.
    public let name: String
    /// SHA-256 of the key. A key has 256 random bits, so that a plain hash is enough.
    public let hash: String
    /// What the key may see; `nil`: everything.
    public let projects: Set<ProjectID>?
    public let createdAt: Date

    public init(name: String, hash: String, projects: Set<ProjectID>?, createdAt: Date = Date()) {
        self.name = name
        self.hash = hash
        self.projects = projects
        self.createdAt = createdAt
    }
}
