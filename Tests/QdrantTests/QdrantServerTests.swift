import AsyncHTTPClient
import Foundation
import Qdrant
import Testing

private let serverURL = ProcessInfo.processInfo.environment["QDRANT_URL"]

/// The client against Qdrant's own engine: `scripts/with-qdrant swift test --filter QdrantTests`.
@Suite("Qdrant server", .enabled(if: serverURL != nil), .timeLimit(.minutes(5)))
struct QdrantServerTests {
    private struct Note: Codable, Sendable, Hashable {
        var owner: String
        var text: String
        var at: Int
    }

    /// A collection of the test's own, which goes with it.
    private func withCollection(
        dimension: Int = 4,
        quantization: QdrantQuantization? = nil,
        _ body: (QdrantClient, String) async throws -> Void
    ) async throws {
        let url = try #require(serverURL)
        let name = "test~\(UUID().uuidString.lowercased())"
        try await withHTTPClient { http in
            let key = ProcessInfo.processInfo.environment["QDRANT_API_KEY"]
            let client = try QdrantClient(QdrantConfiguration(url: url, apiKey: key), http: http)
            try await client.createCollection(
                name,
                QdrantCollectionSettings(
                    vectors: ["dense": QdrantVectorSettings(size: dimension)],
                    sparseVectors: ["bm25": QdrantSparseVectorSettings(modifier: .idf)], quantization: quantization))
            try await client.createIndex(of: "owner", .tenant, in: name)
            try await client.createIndex(of: "at", .integer, in: name)
            do { try await body(client, name) } catch {
                try await client.deleteCollection(name)
                throw error
            }
            try await client.deleteCollection(name)
        }
    }

    private func point(
        _ number: UInt64, _ owner: String, _ dense: [Float], _ sparse: [UInt32: Float] = [:]
    ) -> QdrantPoint<Note> {
        QdrantPoint(
            id: .number(number), payload: Note(owner: owner, text: "t\(number)", at: Int(number)),
            vectors: QdrantVectors(
                dense: ["dense": dense], sparse: sparse.isEmpty ? [:] : ["bm25": QdrantSparseVector(sparse)]))
    }

    @Test("what is written is read, counted, scrolled and removed")
    func points() async throws {
        try await withCollection { client, name in
            #expect(try await client.hasCollection(name))
            #expect(try await client.collection(name).vectors["dense"]?.size == 4)
            let points = (1...25).map { point($0, $0 % 2 == 0 ? "even" : "odd", [Float($0), 1, 0, 0]) }
            try await client.upsert(points, into: name)
            try await client.upsert(points, into: name)
            let even = QdrantFilter(must: [.equals("owner", "even")])
            #expect(try await client.count(in: name) == 25)
            #expect(try await client.count(in: name, filter: even) == 12)
            let all: [QdrantRecord<Note>] = try await client.all(in: name, filter: even, pageSize: 5)
            #expect(all.map(\.payload) == points.map(\.payload).filter { $0.owner == "even" })
            let some: [QdrantRecord<Note>] = try await client.points(
                [.number(3), .number(99)], in: name, vectors: ["dense"])
            #expect(some.map(\.id) == [.number(3)])
            let vector = try #require(some.first?.vectors?.dense["dense"])
            #expect(abs(Double(vector[0]) - 3 / 10.0.squareRoot()) < 1e-6, "a cosine vector has length 1")
            try await client.delete(QdrantFilter(must: [.isAtLeast("at", 11)], mustNot: even.must), from: name)
            #expect(try await client.count(in: name) == 17)
            try await client.delete([.number(1), .number(98)], from: name)
            #expect(try await client.count(in: name) == 16)
        }
    }

    @Test("a hybrid query fuses by reciprocal rank, with the constant that was chosen")
    func hybrid() async throws {
        try await withCollection { client, name in
            try await client.upsert(
                [
                    point(1, "me", [1, 0, 0, 0], [7: 1]), point(2, "me", [0.9, 0.1, 0, 0]),
                    point(3, "me", [0, 1, 0, 0], [7: 2]), point(4, "you", [1, 0, 0, 0], [7: 3]),
                ], into: name)
            let mine = QdrantFilter(must: [.equals("owner", "me")])
            let lists = [
                QdrantPrefetch(.dense([1, 0, 0, 0]), using: "dense", limit: 2),
                QdrantPrefetch(.sparse(QdrantSparseVector([7: 1])), using: "bm25", limit: 2),
            ]
            let found: [QdrantRecord<Note>] = try await client.query(
                .hybrid(lists, fusion: .reciprocalRank(constant: 60), filter: mine, limit: 2), in: name)
            #expect(found.first?.id == .number(1))
            #expect(abs((found.first?.score ?? 0) - (1.0 / 60 + 1.0 / 61)) < 1e-6)
            #expect(found.allSatisfy { $0.payload.owner == "me" })
            let batch: [[QdrantRecord<Note>]] = try await client.query(
                batch: [
                    QdrantSearch(.dense([0, 1, 0, 0]), using: "dense", filter: mine, limit: 1),
                    QdrantSearch(.sparse(QdrantSparseVector([7: 1, 8: 1])), using: "bm25", limit: 9),
                ], in: name)
            #expect(batch[0].map(\.id) == [.number(3)])
            #expect(batch[1].map(\.id) == [.number(4), .number(3), .number(1)])
            // 3 of 3 vectors have the term.
            let inverse = log((3 - 3 + 0.5) / (3 + 0.5) + 1)
            #expect(abs((batch[1].last?.score ?? 0) - inverse) < 1e-5)
        }
    }

    @Test("aliases change together or not at all")
    func aliases() async throws {
        try await withCollection { client, name in
            let alias = "alias-\(name)"
            try await client.changeAliases([.create(alias: alias, collection: name)])
            #expect(try await client.aliases()[alias] == name)
            try await client.upsert([point(1, "me", [1, 0, 0, 0])], into: alias)
            #expect(try await client.count(in: name) == 1)
            let error = await #expect(throws: QdrantError.self) {
                try await client.changeAliases([
                    .delete(alias: alias), .create(alias: alias, collection: "none-\(name)"),
                ])
            }
            #expect(error?.code == .notFound)
            #expect(try await client.aliases()[alias] == name)
        }
    }

    @Test("a vector of another dimension, another name and another collection are refused and named")
    func refusals() async throws {
        try await withCollection { client, name in
            let dimension = await #expect(throws: QdrantError.self) {
                try await client.upsert([point(1, "me", [1, 0])], into: name)
            }
            #expect(dimension?.code == .invalid && dimension?.message.contains("expected dim: 4, got 2") == true)
            let unknown = await #expect(throws: QdrantError.self) {
                let _: [QdrantRecord<Note>] = try await client.query(
                    QdrantSearch(.dense([1, 0, 0, 0]), using: "none", limit: 1), in: name)
            }
            #expect(unknown?.code == .invalid)
            let missing = await #expect(throws: QdrantError.self) { try await client.count(in: "none-\(name)") }
            #expect(missing?.code == .notFound)
            let twice = await #expect(throws: QdrantError.self) {
                try await client.createCollection(
                    name, QdrantCollectionSettings(vectors: ["dense": QdrantVectorSettings(size: 4)]))
            }
            #expect(twice?.code == .alreadyExists || twice?.code == .invalid)
            let count = try await client.count(in: name)
            #expect(count == 0)
        }
    }

    @Test(
        "quantized vectors find what whole ones do, because the best are compared again",
        arguments: [QdrantQuantization.scalar(), .binary()])
    func quantized(_ quantization: QdrantQuantization) async throws {
        try await withCollection(dimension: 64, quantization: quantization) { client, name in
            func vector(_ seed: Int) -> [Float] { (0..<64).map { Float(sin(Double(seed * 64 + $0) * 12.9898) * 0.7) } }
            try await client.upsert((1...300).map { point(UInt64($0), "me", vector($0)) }, into: name)
            let parameters = QdrantSearchParameters(effort: 64, quantized: .init(rescore: true, oversampling: 3))
            for number in [1, 77, 300] {
                let found: [QdrantRecord<Note>] = try await client.query(
                    QdrantSearch(.dense(vector(number)), using: "dense", parameters: parameters, limit: 3), in: name)
                #expect(found.first?.id == .number(UInt64(number)))
                #expect(abs((found.first?.score ?? 0) - 1) < 1e-5, "the score is that of the whole vectors")
            }
        }
    }
}
