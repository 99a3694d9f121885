/// How carefully a search looks.
public struct QdrantSearchParameters: Sendable, Hashable, Encodable {
    /// How the smaller copies of the vectors are used.
    public struct Quantized: Sendable, Hashable, Encodable {
        /// Whether the best are compared again by their whole vectors.
        public var rescore: Bool?
        /// How many times more candidates than wanted are compared again.
        public var oversampling: Double?

        public init(rescore: Bool? = nil, oversampling: Double? = nil) {
            self.rescore = rescore
            self.oversampling = oversampling
        }
    }

    /// How many candidates the walk through the graph keeps.
    public var effort: Int?
    /// Whether every vector is compared, without the graph.
    public var exact: Bool?
    public var quantized: Quantized?

    public init(effort: Int? = nil, exact: Bool? = nil, quantized: Quantized? = nil) {
        self.effort = effort
        self.exact = exact
        self.quantized = quantized
    }

    private enum CodingKeys: String, CodingKey {
        case effort = "hnsw_ef"
        case exact
        case quantized = "quantization"
    }
}
