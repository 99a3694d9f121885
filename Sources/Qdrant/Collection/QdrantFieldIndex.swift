/// An index over a field of the payload, so that filters need not read every point.
public enum QdrantFieldIndex: Sendable, Hashable, Encodable {
    case keyword
    /// A keyword that tells tenants apart; their points are kept together.
    case tenant
    case integer
    case datetime

    private enum Setting: String, CodingKey {
        case type
        case isTenant = "is_tenant"
    }

    public func encode(to encoder: any Encoder) throws {
        if self == .tenant {
            var settings = encoder.container(keyedBy: Setting.self)
            try settings.encode("keyword", forKey: .type)
            try settings.encode(true, forKey: .isTenant)
            return
        }
        var value = encoder.singleValueContainer()
        switch self {
        case .keyword, .tenant: try value.encode("keyword")
        case .integer: try value.encode("integer")
        case .datetime: try value.encode("datetime")
        }
    }
}
