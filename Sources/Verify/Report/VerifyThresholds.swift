/// How many cases of each kind must pass.
public struct VerifyThresholds: Hashable, Sendable, Codable {
    /// The least share, from 0 to 1, of kinds that are not named.
    public var `default`: Double
    public var kinds: [CaseKind: Double]

    public init(default: Double = 1, kinds: [CaseKind: Double] = [:]) {
        self.default = `default`
        self.kinds = kinds
    }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        `default` = try container.decodeIfPresent(Double.self, forKey: .default) ?? 1
        kinds = try container.decodeIfPresent([CaseKind: Double].self, forKey: .kinds) ?? [:]
        guard ([`default`] + kinds.values).allSatisfy((0...1).contains) else {
            throw DecodingError.dataCorruptedError(
                forKey: .default, in: container, debugDescription: "shares are from 0 to 1")
        }
    }

    /// The least share of a kind.
    public subscript(kind: CaseKind) -> Double { kinds[kind] ?? `default` }
}
