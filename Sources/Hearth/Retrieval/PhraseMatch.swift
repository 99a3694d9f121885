/// Raises passages that have words of the question in the question's order, such as the text of an error.
public struct PhraseMatch: RankFeature, Hashable {
    public static let name = "phraseBoost"

    /// What the whole question adds; a part of it adds its share.
    public var boost: Double
    /// Fewer words in a row are chance.
    public var shortest: Int
    /// Longer questions are no phrase: code that was pasted has lines that stand everywhere.
    public var longestQuestion: Int

    public init(boost: Double = 0.6, shortest: Int = 3, longestQuestion: Int = 30) {
        self.boost = boost
        self.shortest = shortest
        self.longestQuestion = longestQuestion
    }

    public func effects(on passages: [ScoredPassage], for question: QuestionTerms) -> [RankEffect?] {
        let words = question.sequence
        guard words.count >= shortest, words.count <= longestQuestion, !question.isName else {
            return [RankEffect?](repeating: nil, count: passages.count)
        }
        let places = Dictionary(grouping: words.indices) { words[$0] }
        return passages.map { entry in
            let run = Self.longestRun(of: places, in: IdentifierWords.split(entry.passage.text))
            return run >= shortest ? .boost(boost * Double(run) / Double(words.count)) : nil
        }
    }

    /// How many words in a row a text has in common with a question.
    ///
    /// - Parameter places: where each word stands in the question.
    private static func longestRun(of places: [String: [Int]], in text: [String]) -> Int {
        var longest = 0
        var ending: [Int: Int] = [:]
        for word in text {
            var next: [Int: Int] = [:]
            for place in places[word] ?? [] {
                let run = ending[place - 1, default: 0] + 1
                next[place] = run
                longest = max(longest, run)
            }
            ending = next
        }
        return longest
    }
}
