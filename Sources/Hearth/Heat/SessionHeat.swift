public import FoundationEssentials

/// How much of a session is in which tier.
public struct SessionHeat: Hashable, Sendable, Identifiable {
    public let id: SessionID
    public let projectID: ProjectID?
    /// Its last message or its last thawing, whichever is later.
    public let usedAt: Date
    public let hot: HeatTally
    public let warm: HeatTally
    /// Bytes are the session's share of the objects that it is in.
    public let cold: HeatTally

    public init(
        id: SessionID,
        projectID: ProjectID?,
        usedAt: Date,
        hot: HeatTally = HeatTally(),
        warm: HeatTally = HeatTally(),
        cold: HeatTally = HeatTally()
    ) {
        self.id = id
        self.projectID = projectID
        self.usedAt = usedAt
        self.hot = hot
        self.warm = warm
        self.cold = cold
    }

    public subscript(heat: Heat) -> HeatTally {
        switch heat {
        case .hot: hot
        case .warm: warm
        case .cold: cold
        }
    }
}
