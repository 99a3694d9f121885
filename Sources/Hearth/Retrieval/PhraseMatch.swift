import Glibc

/// Raises passages that have words of the question in the question's order, such as the text of an error.
///
/// Earned in NDCG@10 on the held-out codebases of Benchmarks/README.md: errors 0.11, documentation loses
/// 0.013; on those for tuning errors 0.13.
public struct PhraseMatch: RankFeature, Hashable {
    public static let name = "phraseBoost"

    /// What the whole question adds; a part of it adds its share.
    public var boost: Double
    /// Fewer words in a row are chance.
    public var shortest: Int
    /// The least share of what the question says; less is a turn of phrase.
    public var leastShare: Double
    /// Longer questions are no phrase: code that was pasted has lines that stand everywhere.
    public var longestQuestion: Int

    public init(boost: Double = 0.6, shortest: Int = 3, leastShare: Double = 0.4, longestQuestion: Int = 30) {
        self.boost = boost
        self.shortest = shortest
        self.leastShare = leastShare
        self.longestQuestion = longestQuestion
    }

    public func effects(on passages: [ScoredPassage], for question: QuestionTerms) -> [RankEffect?] {
        let words = question.sequence
        guard words.count >= shortest, words.count <= longestQuestion, !question.isName else {
            return [RankEffect?](repeating: nil, count: passages.count)
        }
        // The words as numbers: a search reads a hundred passages.
        var numberOf: [String: Int] = [:]
        let numbers = words.map { word in
            let number = numberOf[word] ?? numberOf.count
            numberOf[word] = number
            return number
        }
        let texts = passages.map { IdentifierWords.split($0.passage.text).map { numberOf[$0] } }
        let rarity = Self.rarity(of: numberOf.count, in: texts)
        let weights = numbers.map { rarity[$0] }
        let whole = weights.reduce(0, +)
        var places = [[Int]](repeating: [], count: numberOf.count)
        for (place, number) in numbers.enumerated() { places[number].append(place) }
        return texts.map { text in
            let run = heaviestRun(of: places, weights, in: text)
            return run > 0 && run >= leastShare * whole ? .boost(boost * run / whole) : nil
        }
    }

    /// How much each of the numbered words says: what stands in most of the passages says nothing. `what is the value of` is in
    /// many a passage and no reason to prefer it.
    private static func rarity(of count: Int, in texts: [[Int?]]) -> [Double] {
        var counts = [Int](repeating: 0, count: count)
        for text in texts {
            var seen = [Bool](repeating: false, count: count)
            for case let number? in text where !seen[number] {
                seen[number] = true
                counts[number] += 1
            }
        }
        let all = Double(texts.count)
        return counts.map { log((all + 1) / (Double($0) + 0.5)) }
    }

    /// What the words say that a text has in a row with a question; 0 if they are too few.
    ///
    /// - Parameter places: where each word stands in the question.
    private func heaviestRun(of places: [[Int]], _ weights: [Double], in text: [Int?]) -> Double {
        var heaviest = 0.0
        var ending: [Int: (count: Int, weight: Double)] = [:]
        for word in text {
            var next: [Int: (count: Int, weight: Double)] = [:]
            for place in word.map({ places[$0] }) ?? [] {
                let before = ending[place - 1] ?? (0, 0)
                let run = (count: before.count + 1, weight: before.weight + weights[place])
                next[place] = run
                if run.count >= shortest { heaviest = max(heaviest, run.weight) }
            }
            ending = next
        }
        return heaviest
    }
}
