import CVectorScan
import Hearth
import LocalIndex
import Testing

@Suite("Vector search")
struct VectorSearchTests {
    /// What a search must return: every vector compared.
    private func expected(
        _ query: [Float], _ vectors: [[Float]], limit: Int, where isAllowed: (Int) -> Bool = { _ in true }
    ) -> [(number: Int, score: Float)] {
        vectors.indices.filter(isAllowed)
            .map { ($0, cvs_dot(cvs_kernel_portable, query, vectors[$0], query.count)) }
            .sorted { $0.1 != $1.1 ? $0.1 > $1.1 : $0.0 < $1.0 }
            .prefix(limit).map { $0 }
    }

    /// One entry per vector, named by its number, 50 in a document.
    private func fill(_ index: LocalIndex, _ vectors: [[Float]]) async throws {
        for start in stride(from: 0, to: vectors.count, by: 50) {
            let numbers = start..<min(vectors.count, start + 50)
            let path = "d\(start / 50)"
            let entries = numbers.map {
                Samples.entry(path, $0, language: $0 % 3 == 0 ? "c" : "go", text: "t\($0)", hash: "h\($0)")
            }
            try await index.replace(
                document: Samples.document(path), entries: entries, vectors: numbers.map { vectors[$0] })
        }
    }

    private func numbers(_ index: LocalIndex, _ hits: [LocalIndex.Hit]) async throws -> [Int] {
        let entries = try await index.entries(rows: hits.map(\.row))
        return hits.compactMap { entries[$0.row].flatMap { Int($0.text.dropFirst()) } }
    }

    @Test("the result is that of comparing everything", arguments: [1, 8, 33, 100, 384])
    func exact(dimension: Int) async throws {
        let folder = try TemporaryFolder()
        let index = try Samples.open(folder, dimension: dimension)
        var generator = SplitMix64(seed: UInt64(dimension))
        let centres = (0..<20).map { _ in generator.vector(dimension) }
        // Tight clusters: many scores close to each other.
        let vectors = (0..<5000).map { number in
            zip(centres[number % 20], generator.vector(dimension)).map { $0 + 0.1 * $1 }
        }
        try await fill(index, vectors)
        for round in 0..<40 {
            let query = round % 2 == 0 ? generator.vector(dimension) : vectors[round * 100]
            for limit in [1, 10, 100] {
                let hits = try await index.searchVector(query, limit: limit)
                let best = expected(query, vectors, limit: limit)
                #expect(hits.map(\.score) == best.map { Double($0.score) })
                #expect(try await numbers(index, hits) == best.map(\.number))
            }
        }
    }

    @Test("filters and removed documents are left out, exactly")
    func filtered() async throws {
        let folder = try TemporaryFolder()
        let index = try Samples.open(folder, dimension: 32)
        var generator = SplitMix64(seed: 1)
        let vectors = (0..<3000).map { _ in generator.vector(32) }
        try await fill(index, vectors)
        try await index.remove(documents: (10..<20).map { "d\($0)" })
        let filter = LocalIndex.Filter(pathPrefix: "d1", languages: ["c"], excludedPaths: ["d1"])
        for _ in 0..<20 {
            let query = generator.vector(32)
            let best = expected(query, vectors, limit: 20) { !(500..<1000).contains($0) }
            #expect(try await numbers(index, index.searchVector(query, limit: 20)) == best.map(\.number))
            // Documents d1 and d10 to d19 match the prefix; all are removed or excluded.
            #expect(try await index.searchVector(query, filter: filter, limit: 20).isEmpty)
            let second = LocalIndex.Filter(pathPrefix: "d2", languages: ["c"])
            let allowed = expected(query, vectors, limit: 20) { number in
                number % 3 == 0 && "d\(number / 50)".hasPrefix("d2")
            }
            #expect(
                try await numbers(index, index.searchVector(query, filter: second, limit: 20)) == allowed.map(\.number))
        }
    }

    @Test("entries with equal content share a vector and are all found, by row")
    func sharedVectors() async throws {
        let folder = try TemporaryFolder()
        let index = try Samples.open(folder)
        for number in 0..<10 { try await index.put("copy\(number)", ["same text", "own \(number)"]) }
        let statistics = try await index.statistics()
        #expect(statistics.entries == 20)
        #expect(statistics.vectors == 11)
        let hits = try await index.searchVector(Samples.vector("same text"), limit: 10)
        let entries = try await index.entries(rows: hits.map(\.row))
        #expect(hits.compactMap { entries[$0.row]?.document } == (0..<10).map { "copy\($0)" })
        #expect(try await index.searchVector(Samples.vector("same text"), limit: 3).count == 3)
        #expect(
            try await index.searchVector(Samples.vector("same text"), filter: .init(pathPrefix: "copy7"), limit: 1)
                .compactMap { entries[$0.row]?.document } == ["copy7"])
    }

    @Test("a query that cannot be compared is refused")
    func badQueries() async throws {
        let folder = try TemporaryFolder()
        let index = try Samples.open(folder)
        for vector: [Float] in [[], [1], [Float](repeating: .nan, count: 8), [Float](repeating: .infinity, count: 8)] {
            await #expect(throws: LocalIndexError.self) { try await index.searchVector(vector, limit: 3) }
        }
        #expect(try await index.searchVector([Float](repeating: 0, count: 8), limit: 3).isEmpty)
        try await index.put("a", ["one", "two"])
        #expect(try await index.searchVector([Float](repeating: 0, count: 8), limit: 3).count == 2)
        #expect(try await index.searchVector([Float](repeating: 1, count: 8), limit: 0).isEmpty)
        #expect(try await index.searchVector([Float](repeating: 1, count: 8), limit: 1_000_000).count == 2)
    }
}
