import Foundation
import Hearth
import LocalIndex
import Testing

@Suite("Text search")
struct TextSearchTests {
    private let folder: TemporaryFolder
    private let index: LocalIndex

    init() throws {
        folder = try TemporaryFolder()
        index = try Samples.open(folder)
    }

    @Test("a question finds code however its identifiers are written")
    func identifiers() async throws {
        try await index.put("a.swift", ["func parseHttpHeader(line: String)", "let unrelated = 1"])
        for query in [
            "parse http header", "parse_http_header", "ParseHTTPHeader", "where is the header parsed", "headers",
        ] {
            #expect(try await index.texts(query).first == "func parseHttpHeader(line: String)", "\(query)")
        }
        #expect(try await index.texts("elephant").isEmpty)
    }

    @Test("symbol counts more than path, and path more than body")
    func fields() async throws {
        let entries = [
            Samples.entry("zeta.swift", 0, symbol: "zeta", text: "one two three"),
            Samples.entry("zeta.swift", 1, symbol: "other", text: "one two three four"),
        ]
        try await index.replace(
            document: Samples.document("zeta.swift"), entries: entries, vectors: entries.map { Samples.vector($0.text) }
        )
        try await index.put("a.swift", ["one two zeta"])
        #expect(try await index.texts("zeta") == ["one two three", "one two three four", "one two zeta"])
    }

    private static let oddQueries: [String] = [
        "", " ", "\"", "'", "\"unbalanced", "AND OR NOT NEAR", "a* ^b -c +d {e} (f) : g", "col:parse", "NEAR(a b, 2)",
        "\u{0}", "parse\u{0}header", "🙂", "\u{202E}\u{FEFF}", "%s %n ; DROP TABLE entry; --", "\\", "\n\t\r",
        String(repeating: "parse ", count: 20_000), String(repeating: "\"(", count: 50_000),
        String(repeating: "字", count: 40_000), (0..<20_000).map { "word\($0)" }.joined(separator: " "),
    ]

    @Test("any text is a query", arguments: oddQueries.indices)
    func anyQuery(number: Int) async throws {
        try await index.put("a.swift", ["func parse(header)", "字 字 字典"])
        let hits = try await index.searchText(Self.oddQueries[number], limit: 5)
        #expect(hits.count <= 2)
        #expect(hits.allSatisfy { $0.score.isFinite && $0.score > 0 })
    }

    @Test("random bytes as queries never fail")
    func randomQueries() async throws {
        try await index.put("a.swift", ["func parse(header)"])
        var generator = SplitMix64(seed: 8)
        for _ in 0..<500 {
            let bytes = (0..<Int.random(in: 0..<40, using: &generator)).map { _ in
                UInt8.random(in: 0...255, using: &generator)
            }
            _ = try await index.searchText(String(decoding: bytes, as: UTF8.self), limit: 3)
        }
    }

    @Test("words of the question that every question has do not find anything, unless there are no others")
    func stopWords() async throws {
        try await index.put("a.swift", ["where this is the", "socket"])
        #expect(try await index.texts("where is the socket") == ["socket"])
        #expect(try await index.texts("where is the") == ["where this is the"])
    }

    @Test("equal scores come in the order of their rows")
    func ties() async throws {
        for number in 0..<20 { try await index.put("file\(number).swift", ["same words here"]) }
        let hits = try await index.searchText("words", limit: 7)
        #expect(hits.map(\.row) == hits.map(\.row).sorted())
        #expect(Set(hits.map(\.score)).count == 1)
        #expect(try await index.searchText("words", limit: 7) == hits)
        #expect(try await Array(index.searchText("words", limit: 20).prefix(7)) == hits)
    }

    @Test("filters let through what they name")
    func filters() async throws {
        try await index.put("src/a.swift", ["needle in swift"], language: "swift")
        try await index.put("src/b.py", ["needle in python"], language: "python")
        try await index.put("srcs/c.swift", ["needle elsewhere"], language: "swift")
        func found(_ filter: LocalIndex.Filter) async throws -> Set<String> {
            try await Set(index.texts("needle", filter: filter))
        }
        #expect(try await found(.none).count == 3)
        #expect(try await found(.init(pathPrefix: "src/")) == ["needle in swift", "needle in python"])
        #expect(try await found(.init(pathPrefix: "src")).count == 3)
        #expect(try await found(.init(languages: ["python"])) == ["needle in python"])
        #expect(try await found(.init(languages: ["cobol"])).isEmpty)
        #expect(try await found(.init(pathPrefix: "src/", languages: ["swift"])) == ["needle in swift"])
        #expect(
            try await found(.init(excludedPaths: ["src/a.swift", "unknown"])) == [
                "needle in python", "needle elsewhere",
            ])
        #expect(try await found(.init(pathPrefix: "%_'")).isEmpty)
    }

    @Test("text with characters of every kind comes back as it was")
    func anyText() async throws {
        let texts = [
            "a\u{0}b after NUL", "🙂 \u{FEFF} e\u{301}", "", "\r\n\"quotes\" 'n' ;--",
            String(repeating: "long ", count: 50_000),
        ]
        try await index.put("odd \u{0} name", texts)
        #expect(try await index.entries(document: "odd \u{0} name").map(\.text) == texts)
        #expect(try await index.texts("NUL").first == texts[0])
        try await index.put("odd \u{0} name", ["replaced"])
        #expect(try await index.texts("NUL quotes long").isEmpty)
    }

    @Test("scores are those of BM25 computed from the definition", arguments: [1, 2, 3, 4, 5, 6])
    func agreesWithDefinition(seed: UInt64) async throws {
        var corpus = RandomCorpus(seed: seed)
        for number in 0..<60 { try await index.put("f\(number)", corpus.texts()) }
        for number in 0..<20 { try await index.put("f\(number * 3)", corpus.texts()) }
        try await index.remove(documents: ["f1", "f2"])
        let documents = try await index.documents()
        var entries: [LocalIndex.Entry] = []
        for document in documents { entries += try await index.entries(document: document.path) }
        let reference = ReferenceBM25(entries: entries)
        for _ in 0..<30 {
            let query = corpus.query()
            let expected = reference.scores(query)
            let hits = try await index.searchText(query, limit: 10)
            let found = try await index.entries(rows: hits.map(\.row))
            #expect(hits.count == min(10, expected.count))
            for (hit, best) in zip(hits, expected.values.sorted(by: >)) {
                let entry = try #require(found[hit.row])
                #expect(abs(hit.score - best) < 1e-9)
                #expect(abs(hit.score - (expected[entry.id] ?? 0)) < 1e-9)
            }
        }
    }

    @Test("terms that are too common to search by still count in what the others find")
    func commonTerms() async throws {
        var small = LocalIndexSettings(fsync: false)
        small.ranking.postingBudget = 30
        let folder = try TemporaryFolder()
        let index = try LocalIndex.open(directory: folder.path, dimension: Samples.dimension, settings: small)
        for number in 0..<200 {
            let rare = number % 20 == 0 ? "rare" : "plain"
            let half = number % 40 == 0 ? "common frequent" : "frequent"
            try await index.put("f\(number)", ["\(rare) \(half) filler\(number)"])
        }
        let hits = try await index.texts("rare common frequent", limit: 10)
        #expect(hits.count == 10)
        #expect(hits.prefix(5).allSatisfy { $0.contains("rare common") })
        #expect(try await index.texts("plain frequent", limit: 10).allSatisfy { $0.contains("plain frequent") })
        let filter = LocalIndex.Filter(pathPrefix: "f199")
        #expect(try await index.texts("rare frequent", filter: filter) == ["plain frequent filler199"])
    }
}
