import Backends
import Foundation
import Hearth
import HearthTesting
import Qdrant
import Testing

/// Over a server of their own, which is killed; so only where `scripts/with-qdrant` says how to start one.
@Suite("Qdrant restarted", .enabled(if: QdrantServerProcess.command != nil), .timeLimit(.minutes(5)))
struct QdrantRestartTests {
    private let project = ProjectID.suggested(for: "sample")
    private let encoder = HashedWordEncoder(dimension: 32)
    private let generation = IndexGeneration(encoder: "hashed-words", dimension: 32, chunker: "c1", grammars: "g1")

    @Test("a server that is killed is noticed, and all is there when it is back; a write that found none waits for it")
    func restart() async throws {
        let document = SampleDocument(path: "a.swift", version: "v1", texts: ["func one() {}", "func two() {}"])
        let later = SampleDocument(path: "b.swift", version: "v1", texts: ["func three() {}"])
        let passages = try await document.passages(encoder)
        let laterPassages = try await later.passages(encoder)
        try await withTemporaryFolder { folder in
            try await QdrantServerProcess.with(in: folder, arguments: ["--api-key", "k"]) { server in
                try await QdrantTestIndex.withHTTP { http in
                    let once = QdrantRetryPolicy(attempts: 1)
                    let test = try QdrantTestIndex.make(server.url, prefix: "t", http, key: "k", retry: once)
                    let patient = try QdrantTestIndex.make(
                        server.url, prefix: "t", http, key: "k",
                        retry: QdrantRetryPolicy(
                            attempts: 1_000, firstDelay: .milliseconds(20), longestDelay: .milliseconds(50)))
                    let reference = try await test.index.prepare(generation, of: #require(project))
                    try await test.index.replace(document.row, with: passages, in: reference)
                    try await test.index.activate(reference)
                    server.kill()
                    let error = await #expect(throws: StoreError.self) {
                        try await test.index.search(PassageQuery(text: "one", vector: nil), in: reference)
                    }
                    #expect(error?.code == .unreachable && error?.isRetriable == true)
                    async let written: Void = patient.index.replace(later.row, with: laterPassages, in: reference)
                    try await server.startAgain()
                    try await written
                    #expect(try await test.index.active(of: #require(project)) == reference)
                    #expect(try await test.index.documents(in: reference) == [document.row, later.row])
                    let found = try await test.index.search(PassageQuery(text: "func", vector: nil), in: reference)
                    #expect(found.lexical.count == 3)
                }
            }
        }
    }

    @Test("a key that the server does not know is refused with a word about the key")
    func key() async throws {
        try await withTemporaryFolder { folder in
            try await QdrantServerProcess.with(in: folder, arguments: ["--api-key", "k"]) { server in
                try await QdrantTestIndex.withHTTP { http in
                    for key in [nil, "other"] {
                        let test = try QdrantTestIndex.make(server.url, prefix: "t", http, key: key)
                        let error = await #expect(throws: StoreError.self) {
                            try await test.index.prepare(generation, of: #require(project))
                        }
                        #expect(error?.code == .invalid && error?.message.contains("API key") == true)
                    }
                }
            }
        }
    }
}
