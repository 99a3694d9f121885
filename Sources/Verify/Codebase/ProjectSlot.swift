/// Which of the run's scratch projects is meant.
enum ProjectSlot: String, Sendable, CaseIterable, Codable, CodingKeyRepresentable {
    case main
    /// A second one, of which the first must know nothing.
    case other
}
