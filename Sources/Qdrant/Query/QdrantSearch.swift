/// A query: what is searched for and how much of it comes back.
public struct QdrantSearch: Sendable, Hashable, Encodable {
    public var prefetch: [QdrantPrefetch]
    public var query: QdrantQuery
    /// The name of the vector; `nil` where lists are fused.
    public var using: String?
    public var filter: QdrantFilter?
    public var parameters: QdrantSearchParameters?
    public var scoreThreshold: Double?
    public var limit: Int
    public var payload: QdrantPayloadSelection

    /// The points nearest to one vector.
    public init(
        _ query: QdrantQuery,
        using: String,
        filter: QdrantFilter? = nil,
        parameters: QdrantSearchParameters? = nil,
        limit: Int,
        payload: QdrantPayloadSelection = .all
    ) {
        self.init(
            prefetch: [], query: query, using: using, filter: filter, parameters: parameters, limit: limit,
            payload: payload)
    }

    /// Several lists in one. The filter goes into each of them, too: a list that held what the filter leaves out would
    /// have less room for the rest, and older servers apply the outer one too late.
    public static func hybrid(
        _ lists: [QdrantPrefetch],
        fusion: QdrantFusion = .reciprocalRank(),
        filter: QdrantFilter? = nil,
        limit: Int,
        payload: QdrantPayloadSelection = .all
    ) -> QdrantSearch {
        let filtered = lists.map { list in
            var list = list
            list.limit = max(list.limit, limit)
            if let filter {
                let conditions = [QdrantCondition.matches(filter)]
                list.filter = list.filter.map { QdrantFilter(must: conditions + [.matches($0)]) } ?? filter
            }
            return list
        }
        return QdrantSearch(
            prefetch: filtered, query: .fusion(fusion), using: nil, filter: filter, parameters: nil, limit: limit,
            payload: payload)
    }

    private init(
        prefetch: [QdrantPrefetch], query: QdrantQuery, using: String?, filter: QdrantFilter?,
        parameters: QdrantSearchParameters?, limit: Int, payload: QdrantPayloadSelection
    ) {
        self.prefetch = prefetch
        self.query = query
        self.using = using
        self.filter = filter
        self.parameters = parameters
        self.limit = limit
        self.payload = payload
    }

    /// The oldest server that does all of it.
    var since: QdrantVersion {
        if case .fusion(let fusion) = query { return fusion.since }
        return .query
    }

    private enum CodingKeys: String, CodingKey {
        case prefetch, query, using, filter, limit
        case parameters = "params"
        case scoreThreshold = "score_threshold"
        case payload = "with_payload"
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        if !prefetch.isEmpty { try container.encode(prefetch, forKey: .prefetch) }
        try container.encode(query, forKey: .query)
        try container.encodeIfPresent(using, forKey: .using)
        try container.encodeIfPresent(filter, forKey: .filter)
        try container.encodeIfPresent(parameters, forKey: .parameters)
        try container.encodeIfPresent(scoreThreshold, forKey: .scoreThreshold)
        try container.encode(limit, forKey: .limit)
        try container.encode(payload, forKey: .payload)
    }
}
