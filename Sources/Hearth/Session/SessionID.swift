public import FoundationEssentials

/// Names a conversation. Given by a client, or made by the gateway.
public struct SessionID: Hashable, Sendable, RawRepresentable, Codable, CustomStringConvertible {
    public let rawValue: String

    /// Accepts 1…64 ASCII letters, digits, `-` and `_`.
    public init?(rawValue: String) {
        guard Identifier.isValid(rawValue) else { return nil }
        self.rawValue = rawValue
    }

    private init(trusted: String) { rawValue = trusted }

    /// A fresh id that sorts by its time of making.
    public static func next(at date: Date = Date()) -> SessionID {
        SessionID(trusted: Identifier.timeOrdered(at: date))
    }

    public var description: String { rawValue }
}
