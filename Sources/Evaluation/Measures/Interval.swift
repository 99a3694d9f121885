/// A mean with the interval that holds the true one in 95 of 100 cases.
public struct Interval: Hashable, Sendable, Codable {
    public let value: Double
    public let low: Double
    public let high: Double

    public init(value: Double, low: Double, high: Double) {
        self.value = Self.rounded(value)
        self.low = Self.rounded(low)
        self.high = Self.rounded(high)
    }

    /// Of a difference: whether it is more than chance.
    public var isSignificant: Bool { low > 0 || high < 0 }

    /// Six digits: what is behind them is noise, and would make reports longer.
    private static func rounded(_ value: Double) -> Double { (value * 1_000_000).rounded() / 1_000_000 }
}
