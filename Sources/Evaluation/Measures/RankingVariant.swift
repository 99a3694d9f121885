/// A way to order one and the same candidates.
public enum RankingVariant: Hashable, Sendable, Comparable {
    /// Each half of the index alone.
    case bm25, dense
    /// Both halves fused, without rank features.
    case hybrid
    /// What the product does.
    case ranked
    /// The same without one rank feature.
    case without(String)

    /// `bm25`, `dense`, `hybrid`, `ranked` or `without <feature>`.
    public var name: String {
        switch self {
        case .bm25: "bm25"
        case .dense: "dense"
        case .hybrid: "hybrid"
        case .ranked: "ranked"
        case .without(let feature): "without \(feature)"
        }
    }

    /// The four that every report has.
    public static let main: [RankingVariant] = [.bm25, .dense, .hybrid, .ranked]
}
