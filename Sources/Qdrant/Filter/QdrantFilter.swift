/// Which points take part.
public struct QdrantFilter: Sendable, Hashable, Encodable {
    /// All of these have to hold.
    public var must: [QdrantCondition]
    /// At least one of these, if there are any.
    public var should: [QdrantCondition]
    /// None of these.
    public var mustNot: [QdrantCondition]

    public init(must: [QdrantCondition] = [], should: [QdrantCondition] = [], mustNot: [QdrantCondition] = []) {
        self.must = must
        self.should = should
        self.mustNot = mustNot
    }

    private enum CodingKeys: String, CodingKey {
        case must, should
        case mustNot = "must_not"
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        if !must.isEmpty { try container.encode(must, forKey: .must) }
        if !should.isEmpty { try container.encode(should, forKey: .should) }
        if !mustNot.isEmpty { try container.encode(mustNot, forKey: .mustNot) }
    }
}
