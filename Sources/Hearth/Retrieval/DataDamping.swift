/// Lowers passages of data and settings, unless they are asked for: lists of words match every question a little.
///
/// Earned in NDCG@10: 0.09 on links of the held-out codebases of Benchmarks/README.md, 0.13 on the errors of redux, which has them in a file
/// of JSON, too; nothing where there is no such file.
public struct DataDamping: RankFeature, Hashable {
    public static let name = "dataDamping"

    /// What is left of their scores.
    public var factor: Double

    public init(factor: Double = 0.7) { self.factor = factor }

    private static let signs: Set<String> = [
        "build", "config", "configuration", "configure", "configured", "dependencies", "dependency", "setting",
        "settings",
        "makefile", "workflow",
    ]

    public func effects(on passages: [ScoredPassage], for question: QuestionTerms) -> [RankEffect?] {
        let isAskedFor = !question.words.isDisjoint(with: Self.signs)
        return passages.map { entry in
            let language = Language.named(entry.passage.language)
            guard language.kind == .data, !isAskedFor, !question.words.contains(language.name) else { return nil }
            return .damping(factor)
        }
    }
}
