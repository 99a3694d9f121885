public import FoundationEssentials

/// How much of a project is in one tier.
public struct HeatUsage: Hashable, Sendable, Codable {
    /// `nil` for conversations without a project.
    public let projectID: ProjectID?
    public let heat: Heat
    /// Sessions that have something there.
    public let sessions: Int
    public let tally: HeatTally
    /// When the session that was not used for longest, and the one used last, were used.
    public let oldest: Date
    public let newest: Date

    public init(
        projectID: ProjectID?,
        heat: Heat,
        sessions: Int,
        tally: HeatTally,
        oldest: Date,
        newest: Date
    ) {
        self.projectID = projectID
        self.heat = heat
        self.sessions = sessions
        self.tally = tally
        self.oldest = oldest
        self.newest = newest
    }
}
