/// How many cases of a kind passed, and whether that is enough.
public struct KindVerdict: Hashable, Sendable, Codable {
    public let kind: CaseKind
    public let passed: Int
    public let total: Int
    public let interval: WilsonInterval
    public let threshold: Double
    /// Failures by the part that is to blame.
    public let stages: [String: Int]

    init(_ kind: CaseKind, _ results: [CaseResult], threshold: Double) {
        self.kind = kind
        passed = results.count(where: \.passed)
        total = results.count
        interval = WilsonInterval(passed: passed, of: total)
        self.threshold = threshold
        stages = Dictionary(
            results.flatMap(\.failures).map { ($0.stage?.rawValue ?? "unknown", 1) }, uniquingKeysWith: +)
    }

    public var isGreen: Bool { total > 0 && Double(passed) >= threshold * Double(total) }
}
