import FoundationEssentials

/// The time of messages' metadata.
enum WallClock {
    /// Milliseconds since 1970.
    static var milliseconds: Int64 { Int64(Date().timeIntervalSince1970 * 1000) }
}
