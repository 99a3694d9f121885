/// Lowers passages of documentation where code is asked for.
///
/// Prose has the words of a question that is asked in prose; the code that does it has fewer of them.
///
/// Earned in NDCG@10: documentation 0.02 to 0.04. Costs 0.06 on links of a codebase that is mostly prose (redux), where a question
/// does not say that it asks for prose.
public struct ProseDamping: RankFeature, Hashable {
    public static let name = "proseDamping"

    /// What is left of a document's score.
    public var factor: Double

    public init(factor: Double = 0.65) { self.factor = factor }

    /// Who says these asks for something to read.
    private static let signs: Set<String> = [
        "article", "chapter", "changelog", "doc", "docs", "document", "documentation", "documented", "example",
        "examples", "faq", "guide", "guides", "install", "installation", "installed", "introduction", "learn",
        "licence",
        "license", "manual", "overview", "page", "read", "readme", "refer", "reference", "release", "section", "see",
        "tutorial", "tutorials",
    ]

    public func effects(on passages: [ScoredPassage], for question: QuestionTerms) -> [RankEffect?] {
        let isAskedFor = !question.isName && !question.words.isDisjoint(with: Self.signs)
        return passages.map { entry in
            !isAskedFor && Language.named(entry.passage.language).kind == .prose ? .damping(factor) : nil
        }
    }
}
