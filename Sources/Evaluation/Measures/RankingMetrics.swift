import Foundation

/// How good a ranked list is, each from 0 to 1.
public struct RankingMetrics: Hashable, Sendable {
    /// What is measured, in the order of reports.
    public enum Name: String, Sendable, CaseIterable, Codable, CodingKeyRepresentable {
        /// One divided by the rank of the first right answer.
        case mrr
        /// The part of the right answers among the first so many.
        case recallAt1 = "recall@1"
        case recallAt5 = "recall@5"
        case recallAt10 = "recall@10"
        /// Right answers among the first ten, less worth the lower they stand, against the best possible order.
        case ndcgAt10 = "ndcg@10"
    }

    private let values: [Name: Double]

    public init(_ judgement: Judgement) {
        let recall = { (depth: Int) in
            judgement.relevant == 0
                ? 0 : Double(judgement.ranks.count { $0 <= depth }) / Double(judgement.relevant)
        }
        values = [
            .mrr: judgement.ranks.first.map { 1 / Double($0) } ?? 0,
            .recallAt1: recall(1), .recallAt5: recall(5), .recallAt10: recall(10),
            .ndcgAt10: Self.ndcg(judgement, depth: 10),
        ]
    }

    public subscript(name: Name) -> Double { values[name] ?? 0 }

    private static func ndcg(_ judgement: Judgement, depth: Int) -> Double {
        let gain = { (rank: Int) in 1 / log2(Double(rank + 1)) }
        let ideal = (0..<min(judgement.relevant, depth)).reduce(0.0) { $0 + gain($1 + 1) }
        // One passage that holds two right answers is one result.
        let found = Set(judgement.ranks).sorted().filter { $0 <= depth }.reduce(0.0) { $0 + gain($1) }
        return ideal == 0 ? 0 : min(1, found / ideal)
    }
}
