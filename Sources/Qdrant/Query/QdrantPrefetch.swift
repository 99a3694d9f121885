/// A list of candidates that a query begins with.
public struct QdrantPrefetch: Sendable, Hashable, Encodable {
    public var query: QdrantQuery
    /// The name of the vector.
    public var using: String
    public var filter: QdrantFilter?
    public var parameters: QdrantSearchParameters?
    /// At least as many as the query wants, the ones that it skips included.
    public var limit: Int

    public init(
        _ query: QdrantQuery,
        using: String,
        filter: QdrantFilter? = nil,
        parameters: QdrantSearchParameters? = nil,
        limit: Int
    ) {
        self.query = query
        self.using = using
        self.filter = filter
        self.parameters = parameters
        self.limit = limit
    }

    private enum CodingKeys: String, CodingKey {
        case query, using, filter, limit
        case parameters = "params"
    }
}
