/// The middle and the tail of some durations, in milliseconds.
public struct Percentiles: Hashable, Sendable, Codable {
    public let p50: Double
    public let p99: Double

    public init(_ durations: [Duration]) {
        let sorted = durations.map { $0 / .milliseconds(1) }.sorted()
        let at = { (share: Double) in
            sorted.isEmpty ? 0 : sorted[min(sorted.count - 1, Int(share * Double(sorted.count)))]
        }
        p50 = (at(0.5) * 1000).rounded() / 1000
        p99 = (at(0.99) * 1000).rounded() / 1000
    }
}
