/// One condition of a filter. A field that holds an array fits if one of its values does.
public indirect enum QdrantCondition: Sendable, Hashable, Encodable {
    case equals(String, String)
    case isAnyOf(String, [String])
    case isAtLeast(String, Double)
    case isBelow(String, Double)
    case hasID([QdrantPointID])
    case isEmpty(String)
    /// A filter of its own, for example several of which one has to hold.
    case matches(QdrantFilter)

    private enum Part: String, CodingKey {
        case key, match, range, value, any, gte, lt
        case hasID = "has_id"
        case isEmpty = "is_empty"
    }

    public func encode(to encoder: any Encoder) throws {
        if case .matches(let filter) = self { return try filter.encode(to: encoder) }
        var parts = encoder.container(keyedBy: Part.self)
        switch self {
        case .equals(let key, let value):
            try parts.encode(key, forKey: .key)
            try parts.encode([Part.value.rawValue: value], forKey: .match)
        case .isAnyOf(let key, let values):
            try parts.encode(key, forKey: .key)
            try parts.encode([Part.any.rawValue: values], forKey: .match)
        case .isAtLeast(let key, let bound):
            try parts.encode(key, forKey: .key)
            try parts.encode([Part.gte.rawValue: bound], forKey: .range)
        case .isBelow(let key, let bound):
            try parts.encode(key, forKey: .key)
            try parts.encode([Part.lt.rawValue: bound], forKey: .range)
        case .hasID(let ids): try parts.encode(ids, forKey: .hasID)
        case .isEmpty(let key): try parts.encode([Part.key.rawValue: key], forKey: .isEmpty)
        case .matches: break
        }
    }
}
