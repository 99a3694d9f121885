/// What can differ from project to project.
public struct ProjectSettings: Hashable, Sendable, Codable {
    /// Documents above this size in bytes are skipped and counted.
    public var maximumDocumentBytes: Int
    /// Extra ignore patterns, in .gitignore's syntax, applied after those found in the source.
    public var ignore: [String]
    /// The most passages that go into one prompt.
    public var passageLimit: Int
    /// Put before Hearth's own instructions in every prompt of this project.
    public var instructions: String?
    /// When this project's history cools down; `nil` for the policy of the whole installation.
    public var heat: HeatPolicy?
    /// What makes its vectors; `nil` takes the settings' one when it is first ingested.
    public var encoder: ProjectEncoder?
    /// What made the index that is searched while ``encoder`` makes the next one.
    public var formerEncoder: ProjectEncoder?

    public init(
        maximumDocumentBytes: Int = 1 << 20,
        ignore: [String] = [],
        passageLimit: Int = 12,
        instructions: String? = nil,
        heat: HeatPolicy? = nil,
        encoder: ProjectEncoder? = nil
    ) {
        self.maximumDocumentBytes = maximumDocumentBytes
        self.ignore = ignore
        self.passageLimit = passageLimit
        self.instructions = instructions
        self.heat = heat
        self.encoder = encoder
    }
}
