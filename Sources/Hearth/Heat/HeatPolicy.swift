public import FoundationEssentials

/// When history cools down and when it is deleted.
///
/// A session moves as a whole: an age is the time since it was last used, that is since its last message or its thawing.
/// A limit in bytes moves those that were not used for longest, whatever their age.
public struct HeatPolicy: Hashable, Sendable, Codable {
    /// Days until a session is compressed.
    public var hotDays: Double
    /// Days until a session is archived.
    public var warmDays: Double
    /// Days until a session is deleted; `nil` keeps it for ever.
    public var retentionDays: Double?
    /// The most bytes that a project has in rows.
    public var hotBytes: Int?
    /// The most bytes that a project has compressed in the timeline.
    public var warmBytes: Int?
    /// The most bytes that a project has in the archive; what is beyond is deleted.
    public var coldBytes: Int?

    public init(
        hotDays: Double = 7,
        warmDays: Double = 30,
        retentionDays: Double? = nil,
        hotBytes: Int? = nil,
        warmBytes: Int? = nil,
        coldBytes: Int? = nil
    ) {
        self.hotDays = hotDays
        self.warmDays = warmDays
        self.retentionDays = retentionDays
        self.hotBytes = hotBytes
        self.warmBytes = warmBytes
        self.coldBytes = coldBytes
    }

    /// What is wrong with it, in a sentence; `nil` if nothing is.
    public var fault: String? {
        if hotDays < 0 || warmDays < 0 || (retentionDays ?? 0) < 0 { return "Days cannot be negative." }
        if warmDays < hotDays { return "warm days (\(warmDays)) are fewer than hot days (\(hotDays))." }
        if let retentionDays, retentionDays < warmDays {
            return "retention days (\(retentionDays)) are fewer than warm days (\(warmDays))."
        }
        if [hotBytes, warmBytes, coldBytes].contains(where: { ($0 ?? 1) < 1 }) { return "Bytes must be above 0." }
        return nil
    }

    /// Sessions last used before this moment leave `heat`; `nil` if age alone moves none.
    public func deadline(of heat: Heat, at now: Date) -> Date? {
        let days: Double? =
            switch heat {
            case .hot: hotDays
            case .warm: warmDays
            case .cold: retentionDays
            }
        return days.map { now.addingTimeInterval(-$0 * 86_400) }
    }

    /// The most bytes of a project in `heat`.
    public func bytes(of heat: Heat) -> Int? {
        switch heat {
        case .hot: hotBytes
        case .warm: warmBytes
        case .cold: coldBytes
        }
    }
}
