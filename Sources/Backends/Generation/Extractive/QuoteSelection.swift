import Hearth

/// Chooses what to quote of a prompt's passages.
///
/// A passage counts by the share of the question's words that it has (rare words more, by the root of the inverse
/// document frequency over the passages), by the declarations that it names, and by the rank that retrieval gave it.
struct QuoteSelection: Sendable {
    static let limit = 4
    /// The least share of the question's words that the best passage must have to be an answer at all: one of two,
    /// but not one of three, and not one of two if the other is a name.
    private static let floor = 0.34
    /// Passages that are much weaker than the best only distract.
    private static let leastOfBest = 0.55
    /// Who asks how something works seldom wants its test.
    private static let testFactor = 0.75

    /// The best first; empty if nothing fits.
    let quotes: [Quote]

    init(_ prompt: Prompt) {
        let earlier = prompt.messages.dropLast().filter { $0.role == .user }.suffix(2).map(\.content)
        let terms = QuestionTerms(question: prompt.question, earlier: earlier)
        let found = prompt.passages.map { passage in
            terms.found(in: [passage.path, passage.header, passage.symbol, passage.text].joined(separator: " "))
        }
        let isNamed = prompt.passages.contains { passage in Self.names(passage, terms) }
        guard isNamed || found.contains(where: { terms.share(of: $0) >= Self.floor }) else {
            quotes = []
            return
        }
        let weights = Self.weights(of: terms, found: found)
        let total = weights.values.reduce(0, +)
        let scored = prompt.passages.enumerated().map { rank, passage in
            let coverage = found[rank].reduce(0) { $0 + (weights[$1] ?? 0) } / max(total, .leastNonzeroMagnitude)
            let prior = 0.8 / (1 + 0.2 * Double(rank))
            let factor = Self.isTest(passage.path) && !terms.asksForTests ? Self.testFactor : 1
            return ScoredPassage(
                passage: passage, score: (coverage + prior) * factor, parts: ["number": Double(rank + 1)])
        }
        let ranked = RankFeatures([SymbolMatch(), FileMatch()])
            .rank(scored.sorted { $0.score > $1.score }, question: prompt.question)
        let best = ranked.first?.score ?? 0
        quotes = ranked.filter { $0.score >= best * Self.leastOfBest }.prefix(Self.limit).map { entry in
            Self.quote(entry.passage, number: Int(entry.parts["number"] ?? 0), terms: terms, weights: weights)
        }
    }

    private static func isTest(_ path: String) -> Bool {
        path.split(separator: "/").contains { part in
            IdentifierWords.split(part).contains { ["test", "tests", "testing", "spec", "mock", "mocks"].contains($0) }
        }
    }

    private static func names(_ passage: Passage, _ terms: QuestionTerms) -> Bool {
        let parts = passage.symbol.split { $0 == "." || $0 == ":" || $0 == "(" || $0 == "<" }
        return parts.contains { terms.names.contains($0.lowercased()) }
    }

    private static func weights(of terms: QuestionTerms, found: [Set<String>]) -> [String: Double] {
        let count = Double(found.count)
        return terms.weights.reduce(into: [:]) { weights, term in
            let passages = Double(found.count { $0.contains(term.key) })
            weights[term.key] = term.value * ((count + 1) / (passages + 0.5)).squareRoot()
        }
    }

    private static func quote(
        _ passage: Passage,
        number: Int,
        terms: QuestionTerms,
        weights: [String: Double]
    ) -> Quote {
        let text = passage.text.split(separator: "\n", omittingEmptySubsequences: false)
        let lines = text.map(SourceLine.init)
        let scores = lines.map { line in
            var score = terms.found(in: line.text).reduce(0) { $0 + (weights[$1] ?? 0) }
            if let name = line.declares {
                score *= 1.5
                if terms.names.contains(name.lowercased()) { score += weights.values.reduce(0, +) }
            }
            return score
        }
        let excerpt = Excerpt(lines, scores: scores)
        let declared = excerpt.signature.flatMap { lines[$0].declares }.map(String.init) ?? ""
        let belongs = declared.isEmpty || passage.symbol.contains(declared)
        return Quote(
            number: number, passage: passage, runs: excerpt.runs, symbol: belongs ? passage.symbol : declared,
            lines: text)
    }
}
