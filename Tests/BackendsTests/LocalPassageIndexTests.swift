import Backends
import Hearth
import HearthTesting
import Testing

@Suite("Passage indexes")
struct PassageIndexTests {
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

    @Test("the local index does what every index does", arguments: behaviours.map(\.0))
    func local(name: String) async throws {
        let behaviour = try #require(Self.behaviours.first { $0.0 == name }?.1)
        try await withTemporaryFolder { folder in
            try await behaviour(PassageIndexConformance(LocalPassageIndex(root: folder, fsync: false)))
        }
    }

    @Test("the one in memory does what every index does", arguments: behaviours.map(\.0))
    func memory(name: String) async throws {
        let behaviour = try #require(Self.behaviours.first { $0.0 == name }?.1)
        try await behaviour(PassageIndexConformance(MemoryPassageIndex()))
    }

    @Test("what was replaced gives its room back once the index agrees with its source")
    func compacts() async throws {
        try await withTemporaryFolder { folder in
            let index = LocalPassageIndex(root: folder, fsync: false)
            let project = try #require(ProjectID(rawValue: ["p"].joined()))
            let generation = IndexGeneration(encoder: "e", dimension: 384, chunker: "c", grammars: "g")
            let reference = try await index.prepare(generation, of: project)
            func put(_ path: String, count: Int) async throws {
                let passages = (0..<count).map { number in
                    IndexedPassage(
                        passage: Passage(
                            id: "\(path)-\(count)-\(number)", path: path, language: "text", lines: 1...1, bytes: 0..<4,
                            documentVersion: "v", symbol: "", header: "", text: "text \(number)",
                            hash: "\(path)-\(count)-\(number)"),
                        vector: (0..<384).map { $0 == number % 384 ? 1 : 0 })
                }
                let row = IndexedDocument(
                    path: path, tag: "\(count)", version: "v", size: 4, language: "text", passageCount: count,
                    skipped: nil)
                try await index.replace(row, with: passages, in: reference)
            }
            for number in 0..<4 { try await put("\(number).txt", count: 300) }
            for number in 0..<4 { try await put("\(number).txt", count: 2) }
            let before = try await index.statistics(of: reference)
            try await index.dropGenerations(of: project, except: reference)
            let after = try await index.statistics(of: reference)
            #expect(after.passages == 8 && before.passages == 8)
            #expect(after.bytes + 4 * 290 * 384 < before.bytes, "\(before.bytes) became \(after.bytes)")
            let hits = try await index.search(
                PassageQuery(text: "text", vector: nil, filter: PassageFilter(), limit: 20), in: reference)
            #expect(hits.lexical.count == 8)
        }
    }

    @Test("an index is there again when it is opened anew")
    func reopens() async throws {
        try await withTemporaryFolder { folder in
            let suite = try PassageIndexConformance(LocalPassageIndex(root: folder, fsync: false))
            try await suite.findsWhatWasPut()
            let reopened = LocalPassageIndex(root: folder, fsync: false)
            let generation = IndexGeneration(encoder: "hashed-words", dimension: 32, chunker: "c1", grammars: "g1")
            let project = try #require(ProjectID(rawValue: ["conformance"].joined()))
            let reference = IndexReference(projectID: project, generation: generation.name)
            #expect(try await reopened.statistics(of: reference).passages == 3)
            #expect(try await reopened.passages(of: "a.swift", in: reference).count == 2)
        }
    }
}
