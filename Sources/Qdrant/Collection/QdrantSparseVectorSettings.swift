/// A sparse vector of each point.
public struct QdrantSparseVectorSettings: Sendable, Hashable, Codable {
    /// What the server multiplies a query's weights with.
    public enum Modifier: String, Sendable, Codable {
        case none
        /// ln((N − n + 0.5) / (n + 0.5) + 1) for N vectors of which n have the index: the rarer, the more it counts.
        case idf
    }

    public var modifier: Modifier

    public init(modifier: Modifier = .none) { self.modifier = modifier }
}
