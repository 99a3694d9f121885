/// How an index is kept in a Qdrant.
public struct QdrantIndexSettings: Sendable, Hashable {
    /// Smaller copies of the vectors, through which a search looks first.
    public enum Quantization: String, Sendable, Hashable, CaseIterable {
        case none
        /// A byte a component.
        case scalar
        /// A bit a component: for vectors of a thousand dimensions and more.
        case binary
    }

    /// What the names of all collections and aliases begin with, so that several installations share a server. Letters,
    /// digits, `-` and `_`.
    public var prefix: String
    public var quantization: Quantization
    /// How many times more candidates than wanted are compared again by their whole vectors.
    public var oversampling: Double
    /// How many candidates the walk through the graph keeps; never fewer than are asked for.
    public var effort: Int
    /// Whether every vector is compared, without the graph: slower, and never wrong.
    public var exact: Bool
    /// Kilobytes of vectors above which they get a graph; `nil` leaves it to the server (10,000).
    public var indexingThreshold: Int?
    /// Whether the whole vectors stay on the disk.
    public var vectorsOnDisk: Bool
    /// On how many nodes each point is. A write is done when the majority has it.
    public var replicas: Int
    /// How many terms a passage has on average (``TermWeights``).
    public var averageTerms: Double

    public init(
        prefix: String = "hearth",
        quantization: Quantization = .scalar,
        oversampling: Double = 2,
        effort: Int = 128,
        exact: Bool = false,
        indexingThreshold: Int? = nil,
        vectorsOnDisk: Bool = false,
        replicas: Int = 1,
        averageTerms: Double = 120
    ) {
        self.prefix = prefix
        self.quantization = quantization
        self.oversampling = oversampling
        self.effort = effort
        self.exact = exact
        self.indexingThreshold = indexingThreshold
        self.vectorsOnDisk = vectorsOnDisk
        self.replicas = replicas
        self.averageTerms = averageTerms
    }
}
