import Testing

@testable import Hearth

@Suite("Ranking")
struct RankingTests {
    private func passage(
        _ id: String,
        symbol: String = "",
        path: String = "a.swift",
        language: String = "swift",
        text: String? = nil
    ) -> Passage {
        Passage(
            id: id, path: path, language: language, lines: 1...1, bytes: 0..<1, documentVersion: "", symbol: symbol,
            header: "", text: text ?? id, hash: id)
    }

    private func list(_ scores: KeyValuePairs<String, Double>) -> [PassageCandidates.Candidate] {
        scores.map { .init(passage: passage($0.key), score: $0.value) }
    }

    private func scored(_ passage: Passage, _ score: Double, declares: Bool = false) -> ScoredPassage {
        ScoredPassage(passage: passage, score: score, parts: declares ? [Ranking.declares + "Rank": 1] : [:])
    }

    @Test("a passage that both halves find goes before one that either finds")
    func both() {
        let fused = ScoreFusion().fuse([
            .init("bm25", weight: 0.5, scale: .ofBest, list(["x": 10, "both": 8])),
            .init("cosine", weight: 0.5, scale: .ofRange, list(["y": 0.9, "both": 0.8, "z": 0.1])),
        ])
        #expect(fused.map(\.passage.id) == ["both", "x", "y", "z"])
        #expect(fused[0].parts["bm25Rank"] == 2 && fused[0].parts["cosineScore"] == 0.8)
    }

    @Test("by how much a passage leads its list counts, not only that it does")
    func lead() {
        let narrow = ScoreFusion().fuse([
            .init("bm25", weight: 0.6, scale: .ofBest, list(["x": 10, "y": 9])),
            .init("cosine", weight: 0.4, scale: .ofRange, list(["y": 0.9, "x": 0.5, "z": 0.4])),
        ])
        let wide = ScoreFusion().fuse([
            .init("bm25", weight: 0.6, scale: .ofBest, list(["x": 10, "y": 2])),
            .init("cosine", weight: 0.4, scale: .ofRange, list(["y": 0.9, "x": 0.5, "z": 0.4])),
        ])
        #expect(narrow.first?.passage.id == "y")
        #expect(wide.first?.passage.id == "x")
    }

    @Test("a list of one, or of equals, is at its best; an empty one says nothing")
    func degenerate() {
        let fused = ScoreFusion().fuse([
            .init("bm25", weight: 0.6, scale: .ofBest, []),
            .init("cosine", weight: 0.4, scale: .ofRange, list(["a": -0.2, "b": -0.2])),
        ])
        #expect(fused.map(\.score) == [0.4, 0.4])
    }

    @Test("ties are broken by path and place, whatever the order of the lists")
    func ties() {
        let first = ScoreFusion.Weighted("a", weight: 1, scale: .ofBest, list(["p": 1]))
        let second = ScoreFusion.Weighted(
            "b", weight: 1, scale: .ofBest, [.init(passage: passage("a", path: "b.swift"), score: 1)])
        #expect(ScoreFusion().fuse([first, second]).map(\.passage.id) == ["p", "a"])
        #expect(ScoreFusion().fuse([second, first]).map(\.passage.id) == ["p", "a"])
    }

    @Test(
        "the definition of what the question names comes first",
        arguments: [
            "Where is RetryPolicy.verdict defined?", "what does verdict() do?", "How does `verdict` decide?", "verdict",
            "RetryPolicy::verdict", "veridct", "verdic",
        ])
    func definition(question: String) {
        let gold = passage("gold", symbol: "RetryPolicy.verdict(isRetriable:)")
        let found =
            (0..<20).map { scored(passage("n\($0)"), 0.3 - 0.01 * Double($0)) } + [scored(gold, 0.02, declares: true)]
        #expect(SymbolMatch().rank(found, question: question).first?.passage.id == "gold")
    }

    @Test(
        "the words of a name are the name, also in a sentence",
        arguments: ["retry verdict", "how the retry verdict is made"])
    func spelledOut(question: String) {
        let gold = scored(passage("gold", symbol: "retryVerdict(_:)"), 0.3, declares: true)
        let found = [scored(passage("verdict", symbol: "verdict"), 0.35), gold]
        #expect(SymbolMatch().rank(found, question: question).first?.passage.id == "gold")
    }

    @Test("of two names that differ by case or underscores alone, the one that is written so comes first")
    func sameSpelling() {
        let found = [
            scored(passage("function", symbol: "file_type"), 0.5, declares: true),
            scored(passage("type", symbol: "FileType"), 0.4, declares: true),
        ]
        #expect(SymbolMatch().rank(found, question: "FileType").map(\.passage.id) == ["type", "function"])
        #expect(SymbolMatch().rank(found, question: "file_type").map(\.passage.id) == ["function", "type"])
        #expect(SymbolMatch().rank(found, question: "file type").map(\.passage.id) == ["function", "type"])
    }

    @Test("the first part of a long function goes before its other parts")
    func parts() {
        let found = [
            scored(passage("inside", symbol: "parse"), 0.9),
            scored(passage("first", symbol: "parse, scan"), 0.6, declares: true),
        ]
        #expect(RankFeatures().rank(found, question: "parse").map(\.passage.id) == ["first", "inside"])
    }

    @Test("words of prose are no names: a sentence does not raise everything that is called like one of its words")
    func prose() {
        let found = [scored(passage("a"), 0.5), scored(passage("b", symbol: "Box.get"), 0.4, declares: true)]
        let question = "How do I get the size of a box?"
        #expect(SymbolMatch().rank(found, question: question).map(\.passage.id) == ["a", "b"])
        #expect(SymbolMatch().rank(found, question: "Box.get").map(\.passage.id) == ["b", "a"])
    }

    @Test("the text of an error is found where it stands in the question's order")
    func phrase() {
        let found =
            [
                scored(passage("words", text: "not found was the flag that a flag group was of"), 0.5),
                scored(passage("gold", text: #"throw Failure("the flag was not found")"#), 0.4),
            ] + (0..<8).map { scored(passage("other\($0)", text: "let number = \($0)"), 0.1) }
        #expect(
            PhraseMatch().rank(found, question: "error: the flag was not found").prefix(2).map(\.passage.id)
                == ["gold", "words"])
        #expect(PhraseMatch().rank(found, question: "a flag").first?.passage.id == "words")
    }

    @Test("words that stand everywhere are no phrase")
    func commonWords() {
        let found =
            (0..<6).map { scored(passage("note\($0)", text: "what the value of it is"), 0.45) }
            + [scored(passage("gold", text: "lamp_height = 3"), 0.5)]
        let question = "tell me the value of lamp_height"
        #expect(PhraseMatch().rank(found, question: question).first?.passage.id == "gold")
    }

    @Test(
        "tests, prose and data give way to code, unless they are asked for",
        arguments: [
            ("Tests/ParserTests.swift", "swift", "tests of the parser"),
            ("docs/parser.md", "markdown", "the parser's documentation"),
            ("parser.json", "json", "the parser's configuration"),
        ])
    func dampings(path: String, language: String, asking: String) {
        let found = [
            scored(passage("other", path: path, language: language), 0.5), scored(passage("code"), 0.4),
        ]
        #expect(RankFeatures().rank(found, question: "what cuts words").first?.passage.id == "code")
        #expect(RankFeatures().rank(found, question: asking).first?.passage.id == "other")
    }

    @Test(
        "tests are told by the customs of many languages",
        arguments: [
            "Tests/A.swift", "src/test/java/A.java", "pkg/a_test.go", "test_a.py", "a.spec.ts", "ui/a.test.tsx",
            "TestParser.java", "ParserTestCase.php", "spec/a_spec.rb", "lib/__tests__/a.js",
        ])
    func tests(path: String) { #expect(TestDamping.isTest(path)) }

    @Test(
        "what only sounds like a test is none",
        arguments: ["src/contest.go", "latest.py", "Testament.java", "a/tester.rs"])
    func noTests(path: String) { #expect(!TestDamping.isTest(path)) }

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

    @Test("ASCII falls into the same words beside other letters as alone")
    func wordsOfAnyText() {
        var random = SplitMix64(seed: 9)
        let letters = Array("aZbYc1 2_.X-q")
        for _ in 0..<2_000 {
            let text = String((0..<random.next(below: 24)).map { _ in letters[random.next(below: letters.count)] })
            #expect(IdentifierWords.split(text + " ü") == IdentifierWords.split(text) + ["ü"])
        }
    }
}
