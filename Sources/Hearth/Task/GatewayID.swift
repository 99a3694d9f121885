/// Names one running gateway: the address of its replies.
public struct GatewayID: Hashable, Sendable, RawRepresentable, Codable, CustomStringConvertible {
    public let rawValue: String

    /// Accepts 1…64 ASCII letters, digits, `-` and `_`.
    public init?(rawValue: String) {
        guard Identifier.isValid(rawValue) else { return nil }
        self.rawValue = rawValue
    }

    private init(trusted: String) { rawValue = trusted }

    /// A name that no other gateway has.
    public static func unique() -> GatewayID { GatewayID(trusted: CorrelationID.next().rawValue) }

    public var description: String { rawValue }
}
