/// How near at hand a piece of history is.
public enum Heat: String, Sendable, Codable, Hashable, CaseIterable {
    /// A row of the timeline.
    case hot
    /// Compressed, still in the timeline's own store.
    case warm
    /// Compressed, in objects of the archive.
    case cold
}
