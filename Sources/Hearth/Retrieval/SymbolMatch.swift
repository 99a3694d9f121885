/// Raises passages that define what the question names.
///
/// Two thirds of the questions about code name a type, a function or a file. A passage whose symbol is named in the
/// question in full is nearly always the answer, whatever the retrievers think of its text.
public struct SymbolMatch: RankFeature, Hashable {
    public static let name = "symbolBoost"

    /// Part of the best score that a full match adds.
    public var boost: Double
    /// How much more it is where the type around it is named, too.
    public var qualified: Double
    /// What is left where the name is not written out but made of the question's words.
    public var wordShare: Double

    public init(boost: Double = 0.6, qualified: Double = 1.3, wordShare: Double = 0.25) {
        self.boost = boost
        self.qualified = qualified
        self.wordShare = wordShare
    }

    public func effect(on passage: Passage, for question: QuestionTerms) -> RankEffect? {
        // A passage may declare several things.
        let share = passage.symbol.split(separator: ", ").reduce(0.0) { max($0, self.share($1, question)) }
        return share > 0 ? .boost(share) : nil
    }

    private func share(_ symbol: Substring, _ question: QuestionTerms) -> Double {
        let parts = symbol.split(separator: ".").map { part in part.prefix { $0 != "(" && $0 != "<" } }
        guard let last = parts.last else { return 0 }
        if question.names.contains(last.lowercased()) {
            let isQualified = parts.dropLast().contains { question.names.contains($0.lowercased()) }
            return boost * (isQualified ? qualified : 1)
        }
        return question.covers(last) ? boost * wordShare : 0
    }
}
