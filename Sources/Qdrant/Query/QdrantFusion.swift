/// How prefetched lists become one.
public enum QdrantFusion: Sendable, Hashable, Encodable {
    /// By reciprocal rank: the sum of 1 / ((place + 1) / weight + constant − 1), places from 0.
    ///
    /// - Parameters:
    ///   - constant: the server's own is 2. To choose it needs ``QdrantVersion/fusionConstant``.
    ///   - weights: one a list; need ``QdrantVersion/fusionWeights``.
    case reciprocalRank(constant: Int? = nil, weights: [Double]? = nil)
    /// By the lists' own scores, each stretched to three deviations around its mean.
    case distribution

    /// The oldest server that does it; older ones would leave out what they do not know.
    public var since: QdrantVersion {
        switch self {
        case .reciprocalRank(_, .some): .fusionWeights
        case .reciprocalRank(.some, nil): .fusionConstant
        case .reciprocalRank(nil, nil): .query
        case .distribution: QdrantVersion(1, 11)
        }
    }

    private enum Part: String, CodingKey {
        case fusion, rrf, k, weights
    }

    public func encode(to encoder: any Encoder) throws {
        var parts = encoder.container(keyedBy: Part.self)
        switch self {
        case .distribution: try parts.encode("dbsf", forKey: .fusion)
        case .reciprocalRank(nil, nil): try parts.encode("rrf", forKey: .fusion)
        case .reciprocalRank(let constant, let weights):
            var settings = parts.nestedContainer(keyedBy: Part.self, forKey: .rrf)
            try settings.encodeIfPresent(constant, forKey: .k)
            try settings.encodeIfPresent(weights, forKey: .weights)
        }
    }
}
