/// Smaller copies of the vectors, which a search looks through first.
public enum QdrantQuantization: Sendable, Hashable, Encodable {
    /// A byte a component. What lies outside of the quantile is cut.
    case scalar(quantile: Double = 0.99, alwaysInMemory: Bool = true)
    /// A bit a component; for dimensions of a thousand and more.
    case binary(alwaysInMemory: Bool = true)

    private enum Kind: String, CodingKey {
        case scalar, binary
    }

    private enum Setting: String, CodingKey {
        case type, quantile
        case alwaysInMemory = "always_ram"
    }

    public func encode(to encoder: any Encoder) throws {
        var kinds = encoder.container(keyedBy: Kind.self)
        switch self {
        case .scalar(let quantile, let alwaysInMemory):
            var settings = kinds.nestedContainer(keyedBy: Setting.self, forKey: .scalar)
            try settings.encode("int8", forKey: .type)
            try settings.encode(quantile, forKey: .quantile)
            try settings.encode(alwaysInMemory, forKey: .alwaysInMemory)
        case .binary(let alwaysInMemory):
            var settings = kinds.nestedContainer(keyedBy: Setting.self, forKey: .binary)
            try settings.encode(alwaysInMemory, forKey: .alwaysInMemory)
        }
    }
}
