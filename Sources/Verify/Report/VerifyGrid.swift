/// Facts by the rank of their passage and their depth in it, and whether they were told.
public struct VerifyGrid: Hashable, Sendable, Codable {
    /// One place of the grid.
    public struct Place: Hashable, Sendable, Codable {
        public var cell: GridCell
        public var passed: Bool
        /// Where in the prompt the passage really stood, from 1; `nil` if it was not there.
        public var stoodAt: Int?
        public var caseID: String
    }

    public let ranks: [Int]
    public let depths: [Int]
    /// Rank by rank, and in each depth by depth.
    public let places: [Place]

    /// `nil` if no case has a place in it.
    init?(_ cases: [CaseResult]) {
        places = cases.compactMap { result in
            result.cell.map {
                Place(
                    cell: $0, passed: result.passed, stoodAt: result.asks.compactMap(\.goldPlace).first,
                    caseID: result.id)
            }
        }
        guard !places.isEmpty else { return nil }
        ranks = Set(places.map(\.cell.rank)).sorted()
        depths = Set(places.map(\.cell.depth)).sorted()
    }
}
