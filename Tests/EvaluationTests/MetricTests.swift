import Foundation
import Hearth
import Testing

@testable import Evaluation

@Suite("Measures of ranked lists")
struct MetricTests {
    private func passage(_ path: String, _ lines: ClosedRange<Int> = 1...10) -> Passage {
        Passage(
            id: "\(path):\(lines.lowerBound)", path: path, language: "swift", lines: lines, bytes: 0..<1,
            documentVersion: "", symbol: "", header: "", text: "", hash: "")
    }

    private func isNear(_ value: Double, _ expected: Double) -> Bool { abs(value - expected) < 1e-9 }

    @Test("one right answer at rank three")
    func single() {
        let metrics = RankingMetrics(Judgement(ranks: [3], relevant: 1))
        #expect(isNear(metrics[.mrr], 1.0 / 3))
        #expect(metrics[.recallAt1] == 0)
        #expect(metrics[.recallAt5] == 1)
        // 1 / log2(4) over 1 / log2(2).
        #expect(isNear(metrics[.ndcgAt10], 0.5))
    }

    @Test("three right answers, two of them found, computed by hand")
    func several() {
        let metrics = RankingMetrics(Judgement(ranks: [2, 7], relevant: 3))
        #expect(metrics[.mrr] == 0.5)
        #expect(isNear(metrics[.recallAt5], 1.0 / 3))
        #expect(isNear(metrics[.recallAt10], 2.0 / 3))
        // (1/log2(3) + 1/log2(8)) / (1 + 1/log2(3) + 1/log2(4)) = (0.6309298 + 0.3333333) / 2.1309298
        #expect(abs(metrics[.ndcgAt10] - 0.4525082) < 1e-6)
    }

    @Test("nothing found is zero, and so is what stands below the tenth place, apart from its reciprocal rank")
    func nothing() {
        let empty = RankingMetrics(Judgement(ranks: [], relevant: 2))
        #expect(RankingMetrics.Name.allCases.allSatisfy { empty[$0] == 0 })
        let low = RankingMetrics(Judgement(ranks: [11], relevant: 1))
        #expect(low[.ndcgAt10] == 0 && low[.recallAt10] == 0)
        #expect(isNear(low[.mrr], 1.0 / 11))
    }

    @Test("a perfect list scores one in everything that it can")
    func perfect() {
        let metrics = RankingMetrics(Judgement(ranks: [1, 2], relevant: 2))
        #expect(metrics[.mrr] == 1 && metrics[.ndcgAt10] == 1 && metrics[.recallAt5] == 1)
        #expect(metrics[.recallAt1] == 0.5)
    }

    @Test("a passage is right if its lines overlap the wanted ones in the same file")
    func overlap() {
        let question = EvaluationQuestion(
            kind: .docstring, text: "q", targets: [.init(path: "a.swift", lines: 10...20)])
        let list = [passage("a.swift", 1...9), passage("b.swift", 10...20), passage("a.swift", 20...40)]
        #expect(Judgement(of: list, for: question) == Judgement(ranks: [3], relevant: 1))
    }

    @Test("where files count, all passages of a file are one result")
    func files() {
        let question = EvaluationQuestion(kind: .test, text: "q", targets: [.init(path: "c.swift")])
        let list = [passage("a.swift"), passage("a.swift", 11...20), passage("b.swift"), passage("c.swift")]
        #expect(Judgement(of: list, for: question).ranks == [3])
    }

    @Test("a second passage of the same answer earns nothing")
    func twice() {
        let question = EvaluationQuestion(kind: .error, text: "q", targets: [.init(path: "a", lines: 1...30)])
        let list = [passage("a", 1...10), passage("a", 11...20)]
        #expect(Judgement(of: list, for: question) == Judgement(ranks: [1], relevant: 1))
    }

    @Test("targets survive JSON, a path with a colon too")
    func targets() throws {
        let targets: [EvaluationQuestion.Target] = [
            .init(path: "a/b.swift", lines: 3...9), .init(path: "odd:name.c"), .init(path: "odd:1.c", lines: 1...1),
        ]
        let data = try JSONEncoder().encode(targets)
        #expect(try JSONDecoder().decode([EvaluationQuestion.Target].self, from: data) == targets)
    }
}
