import Backends
import Hearth
import HearthTesting
import Testing

@Suite("Passage indexes")
struct PassageIndexTests {
    private static let behaviours: [(String, @Sendable (PassageIndexConformance) async throws -> Void)] = [
        ("findsWhatWasPut", { try await $0.findsWhatWasPut() }),
        ("replacesAndRemoves", { try await $0.replacesAndRemoves() }),
        ("filters", { try await $0.filters() }), ("refusesOtherDimensions", { try await $0.refusesOtherDimensions() }),
        ("knowsVectorsByHash", { try await $0.knowsVectorsByHash() }),
        ("activatesGenerations", { try await $0.activatesGenerations() }),
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
