import Hearth
import Testing

@Suite("Ranking")
struct RankFusionTests {
    private func candidate(_ id: String, symbol: String = "", path: String = "a.swift", score: Double = 1)
        -> PassageCandidates.Candidate
    {
        .init(
            passage: Passage(
                id: id, path: path, language: "swift", lines: 1...1, bytes: 0..<1, documentVersion: "", symbol: symbol,
                header: "", text: id, hash: id),
            score: score)
    }

    @Test("a passage that both halves find goes before one that either finds")
    func both() {
        let fused = RankFusion().fuse([
            .init("bm25", weight: 0.5, [candidate("x"), candidate("both")]),
            .init("cosine", weight: 0.5, [candidate("y"), candidate("both")]),
        ])
        #expect(fused.map(\.passage.id) == ["both", "x", "y"])
        #expect(fused[0].parts["bm25Rank"] == 2)
    }

    @Test("ties are broken by id, whatever the order of the lists")
    func ties() {
        let lists: [RankFusion.Weighted] = [
            .init("a", weight: 1, [candidate("p")]), .init("b", weight: 1, [candidate("q")]),
        ]
        #expect(RankFusion().fuse(lists).map(\.passage.id) == ["p", "q"])
        #expect(RankFusion().fuse(lists.reversed()).map(\.passage.id) == ["p", "q"])
    }

    @Test(
        "the definition of what the question names comes first",
        arguments: [
            "Where is RetryPolicy.verdict defined?", "what does verdict() do?", "How does `verdict` decide?",
        ])
    func definition(question: String) {
        let found =
            (0..<20).map {
                ScoredPassage(passage: candidate("n\($0)").passage, score: 1.0 / Double(61 + $0), parts: [:])
            }
            + [
                ScoredPassage(
                    passage: candidate("gold", symbol: "RetryPolicy.verdict(isRetriable:)").passage, score: 1.0 / 81,
                    parts: [:])
            ]
        #expect(SymbolMatch().rank(found, question: question).first?.passage.id == "gold")
    }

    @Test(
        "identifiers fall into their words",
        arguments: [
            ("HTTPServer2_main", ["http", "server", "2", "main"]), ("camelCase", ["camel", "case"]),
            ("snake_case-kebab", ["snake", "case", "kebab"]), ("URLSession", ["url", "session"]), ("", []),
            ("größeÜber", ["größe", "über"]), ("x1y2", ["x", "1", "y", "2"]), ("parseJSON", ["parse", "json"]),
        ])
    func words(text: String, expected: [String]) {
        #expect(IdentifierWords.split(text) == expected)
    }
}
