/// A share of successes with its 95 % interval by Wilson's score, which holds for few cases and for all or none.
public struct WilsonInterval: Hashable, Sendable, Codable {
    public let share: Double
    public let low: Double
    public let high: Double

    public init(passed: Int, of total: Int) {
        guard total > 0 else {
            (share, low, high) = (0, 0, 1)
            return
        }
        let z = 1.959964
        let (n, p) = (Double(total), Double(passed) / Double(total))
        let middle = (p + z * z / (2 * n)) / (1 + z * z / n)
        let half = z / (1 + z * z / n) * (p * (1 - p) / n + z * z / (4 * n * n)).squareRoot()
        let rounded = { (value: Double) in (min(1, max(0, value)) * 10_000).rounded() / 10_000 }
        (share, low, high) = (rounded(p), rounded(middle - half), rounded(middle + half))
    }
}
