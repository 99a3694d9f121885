public import Hearth
import Testing

/// What every ``PassageIndex`` does. Each method is one behaviour, run against a fresh index.
public struct PassageIndexConformance: Sendable {
    private let index: any PassageIndex
    private let generation: IndexGeneration
    private let encoder = HashedWordEncoder(dimension: 32)
    private let project: ProjectID

    /// - Parameter index: fresh and empty.
    public init(_ index: any PassageIndex) throws {
        self.index = index
        generation = IndexGeneration(encoder: "hashed-words", dimension: 32, chunker: "c1", grammars: "g1")
        project = try #require(ProjectID(rawValue: ["conformance"].joined()))
    }

    /// What was put is found by words and by meaning, with all its parts.
    public func findsWhatWasPut() async throws {
        let reference = try await index.prepare(generation, of: project)
        try await put("a.swift", ["func parse() {}", "func render() {}"], in: reference)
        try await put("b/c.py", ["def totally_other(): pass"], in: reference)
        let query = PassageQuery(text: "parse", vector: try await encoder.encode(question: "func parse").vector)
        let found = try await index.search(query, in: reference)
        let best = try #require(found.lexical.first?.passage)
        #expect(best.text == "func parse() {}" && best.path == "a.swift" && best.lines == 1...1)
        #expect(best.documentVersion == "v-a.swift" && best.language == "swift")
        #expect(found.dense.first?.passage == best)
        #expect(found.dense.count == 3)
    }

    /// Passages are found by the names that they declare, those of the surest key first, within the filter, and no longer
    /// when they are gone.
    public func findsNames() async throws {
        let reference = try await index.prepare(generation, of: project)
        try await put(
            "a.swift", ["func parseHeader() {}", "    inside of it"], names: [["parseHeader"], []], in: reference)
        try await put("b/b.swift", ["func parseHeaders() {}"], names: [["B.parseHeaders"]], in: reference)
        func named(_ text: String, _ filter: PassageFilter = PassageFilter()) async throws -> [String] {
            try await index.search(PassageQuery(text: text, vector: nil, filter: filter), in: reference).named.map(
                \.text)
        }
        let (one, several) = ("func parseHeader() {}", "func parseHeaders() {}")
        #expect(try await named("parse_header") == [one, several])
        #expect(try await named("parseHeaders").first == several)
        #expect(try await named("praseHeader") == [one])
        #expect(Set(try await named("parseHe")) == [one, several])
        #expect(try await named("parseHeader", PassageFilter(pathPrefix: "b/")) == [several])
        #expect(try await named("render").isEmpty)
        try await put("a.swift", ["func render() {}"], names: [["render"]], in: reference)
        #expect(try await named("parseHeader") == [several])
        #expect(try await named("render") == ["func render() {}"])
        try await index.remove(["a.swift"], from: reference)
        #expect(try await named("render").isEmpty)
    }

    /// A passage without a vector is found by its words and names, and counted; once it is written with one, by that.
    public func findsWordsBeforeVectors() async throws {
        let reference = try await index.prepare(generation, of: project)
        try await put("a.swift", ["func whole() {}"], in: reference)
        let late = passage("b.swift", "func later() {}", offset: 0, line: 1)
        let vector = try await encoder.encode([late.embeddedText])[0]
        func write(_ vector: [Float]?) async throws {
            let row = IndexedDocument(
                path: "b.swift", tag: "t", version: "v-b.swift", size: 15, language: "swift", passageCount: 1,
                unembedded: vector == nil ? 1 : 0)
            try await index.replace(
                row, with: [IndexedPassage(passage: late, vector: vector, nameKeys: NameKeys.filed(["later"]))],
                in: reference)
            #expect(try await index.document("b.swift", in: reference) == row)
        }
        func search() async throws -> PassageCandidates {
            try await index.search(PassageQuery(text: "later", vector: vector), in: reference)
        }
        try await write(nil)
        var found = try await search()
        #expect(found.lexical.map(\.passage) == [late] && found.named == [late] && found.unembedded == 1)
        #expect(found.dense.map(\.passage.path) == ["a.swift"])
        #expect(try await index.vectors(for: [late.hash], in: reference).isEmpty)
        #expect(try await index.statistics(of: reference).unembedded == 1)
        try await write(vector)
        found = try await search()
        #expect(found.lexical.map(\.passage) == [late] && found.named == [late] && found.unembedded == 0)
        #expect(found.dense.first?.passage == late && found.dense.count == 2)
        #expect(try await index.statistics(of: reference).unembedded == 0)
    }

    /// Indexes of all projects tell whose vectors they have; those of another encoder or dimension are not among them.
    public func knowsIndexesOfAnEncoder() async throws {
        let other = try #require(ProjectID(rawValue: ["other"].joined()))
        let next = IndexGeneration(encoder: "hashed-words", dimension: 32, chunker: "c2", grammars: "g1")
        let foreign = IndexGeneration(encoder: "foreign", dimension: 32, chunker: "c1", grammars: "g1")
        let longer = IndexGeneration(encoder: "hashed-words", dimension: 64, chunker: "c1", grammars: "g1")
        #expect(try await index.indexes(encodedLike: generation).isEmpty)
        var expected: Set<IndexReference> = []
        for like in [generation, next] {
            for owner in [project, other] { expected.insert(try await index.prepare(like, of: owner)) }
        }
        for unlike in [foreign, longer] { _ = try await index.prepare(unlike, of: project) }
        #expect(Set(try await index.indexes(encodedLike: generation)) == expected)
        try await index.dropGenerations(of: other, except: nil)
        #expect(
            Set(try await index.indexes(encodedLike: generation)) == expected.filter { $0.projectID == project })
    }

    /// Replacing a document leaves nothing of what it was; removing one leaves nothing at all.
    public func replacesAndRemoves() async throws {
        let reference = try await index.prepare(generation, of: project)
        try await put("a.swift", ["func before() {}", "func second() {}"], in: reference)
        try await put("a.swift", ["func after() {}"], in: reference)
        #expect(try await index.passages(of: "a.swift", in: reference).map(\.text) == ["func after() {}"])
        let gone = try await index.search(PassageQuery(text: "before second", vector: nil), in: reference)
        #expect(gone.lexical.isEmpty)
        try await index.remove(["a.swift", "never-there.swift"], from: reference)
        #expect(try await index.documents(in: reference).isEmpty)
        #expect(try await index.statistics(of: reference).passages == 0)
        let vector = try await encoder.encode(question: "after").vector
        #expect(
            try await index.search(PassageQuery(text: "after", vector: vector), in: reference) == PassageCandidates())
    }

    /// Filters narrow both halves.
    public func filters() async throws {
        let reference = try await index.prepare(generation, of: project)
        try await put("src/a.swift", ["func shared() {}"], in: reference)
        try await put("test/a.swift", ["func shared() {}"], in: reference)
        try await put("src/a.py", ["def shared(): pass"], in: reference)
        let vector = try await encoder.encode(question: "shared").vector
        let cases: [(PassageFilter, Set<String>)] = [
            (PassageFilter(pathPrefix: "src/"), ["src/a.swift", "src/a.py"]),
            (PassageFilter(languages: ["swift"]), ["src/a.swift", "test/a.swift"]),
            (PassageFilter(pathPrefix: "src/", languages: ["python"]), ["src/a.py"]),
            (PassageFilter(pathPrefix: "none/"), []),
        ]
        for (filter, expected) in cases {
            let found = try await index.search(
                PassageQuery(text: "shared", vector: vector, filter: filter), in: reference)
            #expect(Set(found.lexical.map(\.passage.path)) == expected)
            #expect(Set(found.dense.map(\.passage.path)) == expected)
        }
    }

    /// A vector of another dimension is refused and nothing of the call is kept.
    public func refusesOtherDimensions() async throws {
        let reference = try await index.prepare(generation, of: project)
        let passage = passage("a.swift", "func x() {}", offset: 0, line: 1)
        await #expect(throws: StoreError.self) {
            try await index.replace(
                row("a.swift", passages: 1), with: [IndexedPassage(passage: passage, vector: [1, 0, 0])], in: reference
            )
        }
        #expect(try await index.documents(in: reference).isEmpty)
    }

    /// Vectors are found again by the hash of their text, and only those.
    public func knowsVectorsByHash() async throws {
        let reference = try await index.prepare(generation, of: project)
        try await put("a.swift", ["func one() {}"], in: reference)
        let passage = try #require(try await index.passages(of: "a.swift", in: reference).first)
        let vectors = try await index.vectors(for: [passage.hash, "unknown"], in: reference)
        #expect(Array(vectors.keys) == [passage.hash])
        let expected = try await encoder.encode([passage.embeddedText])[0]
        let found = try #require(vectors[passage.hash])
        #expect(zip(found, expected).allSatisfy { abs($0 - $1) < 1e-5 })
    }

    /// A generation is searched when it was activated, the others stay as they are until they are dropped.
    public func activatesGenerations() async throws {
        let first = try await index.prepare(generation, of: project)
        #expect(try await index.active(of: project) == nil)
        try await index.activate(first)
        try await put("a.swift", ["func one() {}"], in: first)
        let next = IndexGeneration(encoder: "other", dimension: 32, chunker: "c1", grammars: "g1")
        let second = try await index.prepare(next, of: project)
        #expect(try await index.active(of: project) == first)
        #expect(try await index.statistics(of: second).passages == 0)
        try await index.activate(second)
        #expect(try await index.active(of: project) == second)
        try await index.dropGenerations(of: project, except: second)
        await #expect(throws: StoreError.self) { try await index.documents(in: first) }
        try await index.dropGenerations(of: project, except: nil)
        #expect(try await index.active(of: project) == nil)
    }

    /// A generation tells what it was made with, as long as it is there.
    public func describesGenerations() async throws {
        let next = IndexGeneration(encoder: "other/model:1@abc", dimension: 4096, chunker: "c2", grammars: "g1 g2")
        let first = try await index.prepare(generation, of: project)
        let second = try await index.prepare(next, of: project)
        #expect(try await index.generation(of: first) == generation)
        #expect(try await index.generation(of: second) == next)
        try await index.activate(second)
        try await index.dropGenerations(of: project, except: second)
        #expect(try await index.generation(of: second) == next)
        let error = await #expect(throws: StoreError.self) { try await index.generation(of: first) }
        #expect(error?.code == .notFound)
    }

    /// One project never sees another's passages.
    public func isolatesProjects() async throws {
        let other = try #require(ProjectID(rawValue: ["other"].joined()))
        let mine = try await index.prepare(generation, of: project)
        let theirs = try await index.prepare(generation, of: other)
        try await put("a.swift", ["func secret() {}"], in: theirs)
        let vector = try await encoder.encode(question: "secret").vector
        #expect(try await index.search(PassageQuery(text: "secret", vector: vector), in: mine) == PassageCandidates())
    }

    /// The manifest keeps every column, of skipped documents too.
    public func keepsTheManifest() async throws {
        let reference = try await index.prepare(generation, of: project)
        let skipped = IndexedDocument(
            path: "b.bin", tag: "t1", version: "v1", size: 7, language: "", passageCount: 0, skipped: .binary)
        try await index.replace(skipped, with: [], in: reference)
        try await put("a.swift", ["func one() {}"], in: reference)
        #expect(try await index.documents(in: reference) == [row("a.swift", passages: 1), skipped])
        #expect(try await index.document("b.bin", in: reference) == skipped)
        #expect(try await index.document("none", in: reference) == nil)
    }

    /// Any text is a question, none is a syntax error.
    public func takesAnyQuery() async throws {
        let reference = try await index.prepare(generation, of: project)
        try await put("a.swift", ["func one() {}"], in: reference)
        for text in [
            "", "\"", "'; DROP TABLE x --", "a AND OR NOT (", "NEAR(", "*", "🔥", "\u{0}",
            String(repeating: "word ", count: 5_000),
        ] {
            _ = try await index.search(PassageQuery(text: text, vector: nil), in: reference)
        }
    }

    /// - Parameter names: what each passage declares.
    private func put(
        _ path: String,
        _ texts: [String],
        names: [[String]] = [],
        in reference: IndexReference
    ) async throws {
        var offset = 0
        var passages: [Passage] = []
        for (line, text) in texts.enumerated() {
            passages.append(passage(path, text, offset: offset, line: line + 1))
            offset += text.utf8.count + 1
        }
        let vectors = try await encoder.encode(passages.map(\.embeddedText))
        try await index.replace(
            row(path, passages: passages.count),
            with: zip(passages, vectors).enumerated().map { place, pair in
                IndexedPassage(
                    passage: pair.0, vector: pair.1, nameKeys: NameKeys.filed(names.isEmpty ? [] : names[place]))
            },
            in: reference)
    }

    private func passage(_ path: String, _ text: String, offset: Int, line: Int) -> Passage {
        Passage(
            id: String(Digest.sha256(of: [path, "\(offset)", text]).prefix(32)), path: path, language: language(path),
            lines: line...line, bytes: offset..<(offset + text.utf8.count), documentVersion: "v-\(path)", symbol: "",
            header: "", text: text, hash: Digest.sha256(text))
    }

    private func row(_ path: String, passages: Int) -> IndexedDocument {
        IndexedDocument(
            path: path, tag: "t-\(path)", version: "v-\(path)", size: 10, language: language(path),
            passageCount: passages)
    }

    private func language(_ path: String) -> String { path.hasSuffix(".py") ? "python" : "swift" }
}
