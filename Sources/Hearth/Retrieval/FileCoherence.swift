/// Raises passages of files of which several were found: what a question is about seldom stands in one place alone, unless
/// it is a name.
///
/// Earned in NDCG@10 on the held-out codebases of Benchmarks/README.md: documentation 0.01; on cobra links 0.04.
public struct FileCoherence: RankFeature, Hashable {
    public static let name = "fileCoherence"

    /// What the file adds that was found best; others add their share.
    public var boost: Double
    /// How many of a file's passages count, so that long files are not found for being long.
    public var depth: Int

    public init(boost: Double = 0.12, depth: Int = 3) {
        self.boost = boost
        self.depth = depth
    }

    public func effects(on passages: [ScoredPassage], for question: QuestionTerms) -> [RankEffect?] {
        guard !question.isName else { return passages.map { _ in nil } }
        var scores: [String: [Double]] = [:]
        for entry in passages { scores[entry.passage.path, default: []].append(entry.score) }
        let sums = scores.mapValues { $0.sorted(by: >).prefix(depth).reduce(0, +) }
        guard let best = sums.values.max(), best > 0 else { return passages.map { _ in nil } }
        return passages.map { entry in sums[entry.passage.path].map { .boost(boost * $0 / best) } }
    }
}
