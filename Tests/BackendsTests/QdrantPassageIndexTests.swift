import Backends
import Foundation
import HTTPPeer
import Hearth
import HearthTesting
import Qdrant
import Testing

/// Against Qdrant's own engine: `scripts/with-qdrant swift test --filter QdrantPassageIndex`; or a real server, which
/// `QDRANT_URL` names.
@Suite("Passages in Qdrant", .enabled(if: QdrantTestIndex.url != nil), .timeLimit(.minutes(10)))
struct QdrantPassageIndexTests {
    private static let behaviours: [(String, @Sendable (PassageIndexConformance) async throws -> Void)] = [
        ("findsWhatWasPut", { try await $0.findsWhatWasPut() }),
        ("findsNames", { try await $0.findsNames() }),
        ("findsWordsBeforeVectors", { try await $0.findsWordsBeforeVectors() }),
        ("knowsIndexesOfAnEncoder", { try await $0.knowsIndexesOfAnEncoder() }),
        ("replacesAndRemoves", { try await $0.replacesAndRemoves() }),
        ("filters", { try await $0.filters() }), ("refusesOtherDimensions", { try await $0.refusesOtherDimensions() }),
        ("knowsVectorsByHash", { try await $0.knowsVectorsByHash() }),
        ("activatesGenerations", { try await $0.activatesGenerations() }),
        ("describesGenerations", { try await $0.describesGenerations() }),
        ("isolatesProjects", { try await $0.isolatesProjects() }),
        ("keepsTheManifest", { try await $0.keepsTheManifest() }),
        ("takesAnyQuery", { try await $0.takesAnyQuery() }),
    ]

    private let project = ProjectID.suggested(for: "sample")
    private let encoder = HashedWordEncoder(dimension: 32)
    private let generation = IndexGeneration(encoder: "hashed-words", dimension: 32, chunker: "c1", grammars: "g1")

    private func prepare(_ test: QdrantTestIndex) async throws -> IndexReference {
        try await test.index.prepare(generation, of: #require(project))
    }

    private func put(_ document: SampleDocument, _ index: QdrantPassageIndex, _ reference: IndexReference) async throws
    {
        try await index.replace(document.row, with: document.passages(encoder), in: reference)
    }

    @Test("does what every index does", arguments: behaviours.map(\.0))
    func conforms(name: String) async throws {
        let behaviour = try #require(Self.behaviours.first { $0.0 == name }?.1)
        try await QdrantTestIndex.with { try await behaviour(PassageIndexConformance($0.index)) }
    }

    @Test(
        "vectors of any dimension, whole or quantized, are found and come back",
        arguments: [384, 4096], QdrantIndexSettings.Quantization.allCases)
    func dimensions(dimension: Int, quantization: QdrantIndexSettings.Quantization) async throws {
        let encoder = HashedWordEncoder(dimension: dimension)
        let generation = IndexGeneration(encoder: "e", dimension: dimension, chunker: "c", grammars: "g")
        try await QdrantTestIndex.with(QdrantIndexSettings(quantization: quantization)) { test in
            let reference = try await test.index.prepare(generation, of: #require(project))
            let words = ["anchor", "bridge", "candle", "dragon", "engine", "forest", "garden", "harbour"]
            let document = SampleDocument(
                path: "a.swift", version: "v", texts: words.map { "func \($0)One() { \($0) two }" })
            let passages = try await document.passages(encoder)
            try await test.index.replace(document.row, with: passages, in: reference)
            for (word, entry) in zip(words, passages) {
                let vector = try await encoder.encode(question: "\(word) two").vector
                let found = try await test.index.search(
                    PassageQuery(text: word, vector: vector, limit: 3), in: reference)
                #expect(found.dense.first?.passage == entry.passage)
                #expect(found.lexical.map(\.passage) == [entry.passage])
                let own = try #require(entry.vector)
                let cosine = zip(vector, own).reduce(0) { $0 + Double($1.0 * $1.1) }
                #expect(abs((found.dense.first?.score ?? 0) - cosine) < 1e-4)
            }
            let vectors = try await test.index.vectors(for: passages.map(\.passage.hash), in: reference)
            #expect(vectors.count == passages.count)
            for entry in passages {
                let vector = try #require(vectors[entry.passage.hash])
                let own = try #require(entry.vector)
                #expect(zip(vector, own).allSatisfy { abs($0 - $1) < 1e-5 })
            }
        }
    }

    @Test("a prefix narrows as it says, whether it ends at a folder or in the middle of a name")
    func prefixes() async throws {
        try await QdrantTestIndex.with { test in
            let reference = try await prepare(test)
            let paths = [
                "Sources/Hearth/a.swift", "Sources/HearthTesting/b.swift", "Sources/Heart.swift",
                "Sources/Other/c.swift",
                "SourcesOld/d.swift", "Söurces/e.swift",
            ]
            for path in paths {
                try await put(SampleDocument(path: path, version: "v", texts: ["shared"]), test.index, reference)
            }
            let vector = try await encoder.encode(question: "shared").vector
            for prefix in [
                "", "S", "Sources", "Sources/", "Sources/H", "Sources/Hearth", "Sources/Hearth/", "Sources/Hearth/a",
                "Sources/Hearth/a.swift", "Sources/HearthX", "Sö", "Söurces/", "x/y", "/",
            ] {
                let query = PassageQuery(text: "shared", vector: vector, filter: PassageFilter(pathPrefix: prefix))
                let found = try await test.index.search(query, in: reference)
                let expected = Set(paths.filter { $0.utf8.starts(with: prefix.utf8) })
                #expect(Set(found.lexical.map(\.passage.path)) == expected, "lexical, \(prefix)")
                #expect(Set(found.dense.map(\.passage.path)) == expected, "dense, \(prefix)")
            }
        }
    }

    @Test("the alias turns only when the manifest and the passages agree")
    func refusesToActivate() async throws {
        try await QdrantTestIndex.with { test in
            let first = try await prepare(test)
            try await test.index.activate(first)
            let next = IndexGeneration(encoder: "other", dimension: 32, chunker: "c1", grammars: "g1")
            let second = try await test.index.prepare(next, of: #require(project))
            try await put(SampleDocument(path: "whole.swift", version: "v", texts: ["one", "two"]), test.index, second)
            let document = SampleDocument(path: "a.swift", version: "v", texts: ["one", "two", "three"])
            try await put(document, test.index, second)
            try await test.client.delete(
                QdrantFilter(must: [.equals("path", "a.swift"), .equals("hash", Digest.sha256("two"))]),
                from: "\(test.prefix)~\(second.projectID)~\(second.generation)")
            let error = await #expect(throws: StoreError.self) { try await test.index.activate(second) }
            #expect(error?.code == .conflict && error?.message.contains("a.swift") == true)
            #expect(try await test.index.active(of: #require(project)) == first)
            // The next comparison with the source finds that it is not there, and brings it back.
            #expect(try await test.index.documents(in: second).map(\.path) == ["whole.swift"])
            try await put(document, test.index, second)
            try await test.index.activate(second)
            #expect(try await test.index.active(of: #require(project)) == second)
        }
    }

    @Test("what the index was made with is known, and of one that is not there is said so")
    func generations() async throws {
        try await QdrantTestIndex.with { test in
            let reference = try await prepare(test)
            #expect(try await test.index.generation(of: reference) == generation)
            try await test.index.dropGenerations(of: #require(project), except: nil)
            let calls: [@Sendable () async throws -> Void] = [
                { _ = try await test.index.generation(of: reference) },
                { _ = try await test.index.statistics(of: reference) },
                { _ = try await test.index.passages(of: "a", in: reference) },
                { _ = try await test.index.search(PassageQuery(text: "", vector: nil), in: reference) },
                { try await test.index.activate(reference) },
                { try await test.index.remove(["a"], from: reference) },
            ]
            for call in calls {
                let error = await #expect(throws: StoreError.self) { try await call() }
                #expect(error?.code == .notFound)
            }
            #expect(try await prepare(test) == reference)
        }
    }

    @Test("another dimension is refused before anything is written, in passages, questions and collections")
    func otherDimensions() async throws {
        try await QdrantTestIndex.with { test in
            let reference = try await prepare(test)
            let document = SampleDocument(path: "a.swift", version: "v", texts: ["one", "two"])
            var passages = try await document.passages(encoder)
            passages[1] = IndexedPassage(passage: passages[1].passage, vector: [1, 0])
            let error = await #expect(throws: StoreError.self) {
                try await test.index.replace(document.row, with: passages, in: reference)
            }
            #expect(error?.code == .conflict)
            #expect(try await test.storedPassages(reference) == 0)
            let question = await #expect(throws: StoreError.self) {
                try await test.index.search(PassageQuery(text: "x", vector: [1]), in: reference)
            }
            #expect(question?.code == .conflict)
            // Somebody made a collection of that name for other vectors.
            let other = IndexGeneration(encoder: "e", dimension: 64, chunker: "c", grammars: "g")
            try await test.client.createCollection(
                "\(test.prefix)~\(try #require(project))~\(other.name)",
                QdrantCollectionSettings(vectors: ["dense": QdrantVectorSettings(size: 32)]))
            let made = await #expect(throws: StoreError.self) {
                try await test.index.prepare(other, of: #require(project))
            }
            #expect(made?.code == .conflict)
        }
    }

    @Test("projects whose names begin alike do not see each other, nor drop each other's indexes")
    func isolation() async throws {
        try await QdrantTestIndex.with { test in
            let short = try #require(ProjectID(rawValue: ["pro", "ject"].joined()))
            let long = try #require(ProjectID(rawValue: "\(short)_two"))
            for (project, word) in [(short, "secretone"), (long, "secrettwo")] {
                let reference = try await test.index.prepare(generation, of: project)
                try await put(SampleDocument(path: "a.swift", version: "v", texts: [word]), test.index, reference)
                try await test.index.activate(reference)
            }
            let mine = try #require(try await test.index.active(of: short))
            let vector = try await encoder.encode(question: "secrettwo").vector
            let found = try await test.index.search(PassageQuery(text: "secrettwo", vector: vector), in: mine)
            #expect(found.lexical.isEmpty && found.dense.map(\.passage.text) == ["secretone"])
            // Also where a collection holds somebody else's points, each query asks for the project's only.
            try await test.client.upsert(
                [
                    QdrantPoint(
                        id: .number(1), payload: ["kind": "passage", "project": long.rawValue, "path": "a.swift"],
                        vectors: QdrantVectors(dense: ["dense": vector]))
                ], into: "\(test.prefix)~\(mine.projectID)~\(mine.generation)")
            let again = try await test.index.search(PassageQuery(text: "secrettwo", vector: vector), in: mine)
            #expect(again == found)
            try await test.index.dropGenerations(of: short, except: nil)
            #expect(try await test.index.active(of: short) == nil)
            #expect(try await test.index.active(of: long) != nil)
        }
    }

    @Test("a key that is refused and a server that fails are told apart")
    func refusedKey() async throws {
        try await HTTPPeer.withPeer { request in
            request.header("api-key") == "right"
                ? .answer(503, #"{"status": {"error": "shard away"}, "time": 0}"#)
                : .answer(401, "Invalid API key or JWT")
        } _: { peer in
            try await QdrantTestIndex.withHTTP { http in
                for (key, code, isRetriable) in [
                    ("wrong", StoreError.Code.invalid, false), ("right", .unreachable, true),
                ] {
                    let quick = QdrantRetryPolicy(attempts: 2, firstDelay: .milliseconds(1))
                    let test = try QdrantTestIndex.make(peer.url, prefix: "t", http, key: key, retry: quick)
                    let error = await #expect(throws: StoreError.self) {
                        try await test.index.prepare(generation, of: #require(project))
                    }
                    #expect(error?.code == code && error?.isRetriable == isRetriable)
                    #expect(error?.message.contains(code == .invalid ? "API key" : "shard away") == true)
                }
            }
        }
    }

    @Test("no server, a silent one and a full one are typed errors, in time")
    func failures() async throws {
        let replies: [(HTTPPeer.Reply, StoreError.Code)] = [
            (.silence, .unreachable), (.hangUp, .unreachable), (.half("{"), .unreachable),
            (.answer(500, "x"), .unreachable), (.answer(507, "disk"), .full),
        ]
        for (reply, code) in replies {
            try await HTTPPeer.withPeer { _ in
                reply
            } _: { peer in
                try await QdrantTestIndex.withHTTP { http in
                    let quick = QdrantRetryPolicy(attempts: 2, firstDelay: .milliseconds(1))
                    let test = try QdrantTestIndex.make(
                        peer.url, prefix: "t", http, timeout: .milliseconds(300), retry: quick)
                    let error = await #expect(throws: StoreError.self) {
                        try await test.index.active(of: #require(project))
                    }
                    #expect(error?.code == code && error?.isRetriable == true, "\(reply)")
                }
            }
        }
    }

    @Test("a prefix that cannot be in a name is refused", arguments: ["", "a~b", "a/b", "ü"])
    func prefix(prefix: String) async throws {
        try await QdrantTestIndex.withHTTP { http in
            let error = #expect(throws: StoreError.self) {
                try QdrantTestIndex.make("http://127.0.0.1:1", prefix: prefix, http)
            }
            #expect(error?.code == .invalid)
        }
    }
}
