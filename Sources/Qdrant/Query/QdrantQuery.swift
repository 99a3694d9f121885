/// What a search orders points by.
public enum QdrantQuery: Sendable, Hashable, Encodable {
    /// How near they are to this vector.
    case dense([Float])
    /// The sum of products over the places that both have.
    case sparse(QdrantSparseVector)
    /// Their places in the prefetched lists.
    case fusion(QdrantFusion)

    public func encode(to encoder: any Encoder) throws {
        switch self {
        case .dense(let vector): try vector.encode(to: encoder)
        case .sparse(let vector): try vector.encode(to: encoder)
        case .fusion(let fusion): try fusion.encode(to: encoder)
        }
    }
}
