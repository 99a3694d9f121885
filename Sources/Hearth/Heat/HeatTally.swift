/// How much is in a tier.
public struct HeatTally: Hashable, Sendable, Codable {
    public var messages: Int
    /// As kept: JSON where it is hot, compressed elsewhere; indexes and row headers are not counted.
    public var bytes: Int

    public init(messages: Int = 0, bytes: Int = 0) {
        self.messages = messages
        self.bytes = bytes
    }

    public static func + (left: HeatTally, right: HeatTally) -> HeatTally {
        HeatTally(messages: left.messages + right.messages, bytes: left.bytes + right.bytes)
    }
}
