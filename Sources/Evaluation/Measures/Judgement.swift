import Hearth

/// At which ranks a list has the right answers to a question: all that the measures need.
public struct Judgement: Hashable, Sendable, Codable {
    /// How far down a list is looked.
    static let depth = 100

    /// 1-based, ascending; each right answer at its first place.
    public let ranks: [Int]
    /// How many right answers there are.
    public let relevant: Int

    public init(ranks: [Int], relevant: Int) {
        self.ranks = ranks
        self.relevant = relevant
    }

    /// Judges passages, the best first.
    init(of passages: [Passage], for question: EvaluationQuestion) {
        var missing = question.targets
        var found: [Int] = []
        var rank = 0
        var files: Set<String> = []
        for passage in passages {
            if question.kind.unit == .file, !files.insert(passage.path).inserted { continue }
            rank += 1
            if rank > Self.depth { break }
            let left = missing.filter { !Self.covers(passage, $0) }
            found += Array(repeating: rank, count: missing.count - left.count)
            missing = left
        }
        self.init(ranks: found, relevant: question.targets.count)
    }

    private static func covers(_ passage: Passage, _ target: EvaluationQuestion.Target) -> Bool {
        passage.path == target.path && target.lines.map(passage.lines.overlaps) ?? true
    }
}
