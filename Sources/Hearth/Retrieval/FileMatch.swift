/// Raises passages of files that the question names.
///
/// Earned in NDCG@10 on the held-out codebases of Benchmarks/README.md: tests 0.006; other kinds name no files.
public struct FileMatch: RankFeature, Hashable {
    public static let name = "fileBoost"

    /// What the name without its ending adds.
    public var boost: Double
    /// How much more it is with its ending.
    public var whole: Double
    /// What is left where the name is not written out but made of the question's words.
    public var wordShare: Double

    public init(boost: Double = 0.1, whole: Double = 3, wordShare: Double = 1) {
        self.boost = boost
        self.whole = whole
        self.wordShare = wordShare
    }

    public func effects(on passages: [ScoredPassage], for question: QuestionTerms) -> [RankEffect?] {
        var effects: [String: RankEffect?] = [:]
        return passages.map { entry in
            if let known = effects[entry.passage.path] { return known }
            let effect = effect(of: entry.passage.path, question)
            effects[entry.passage.path] = effect
            return effect
        }
    }

    private func effect(of path: String, _ question: QuestionTerms) -> RankEffect? {
        let file = path.split(separator: "/").last ?? ""
        let stem = file.prefix { $0 != "." }
        if question.files.contains(file.lowercased()) { return .boost(boost * whole) }
        if stem.utf8.count > 2, question.names.contains(DeclaredName.key(of: stem)) { return .boost(boost) }
        return question.covers(stem) ? .boost(boost * wordShare) : nil
    }
}
