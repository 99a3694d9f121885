/// Which fields of the payload come back.
public enum QdrantPayloadSelection: Sendable, Hashable, Encodable {
    case all
    case only([String])

    public func encode(to encoder: any Encoder) throws {
        var value = encoder.singleValueContainer()
        switch self {
        case .all: try value.encode(true)
        case .only(let fields): try value.encode(fields)
        }
    }
}
