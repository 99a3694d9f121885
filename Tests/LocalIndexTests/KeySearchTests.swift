import LocalIndex
import Testing

@Suite("Look-up by keys")
struct KeySearchTests {
    private let folder: TemporaryFolder
    private let index: LocalIndex

    init() throws {
        folder = try TemporaryFolder()
        index = try Samples.open(folder)
    }

    private func put(_ path: String, _ keys: [String]...) async throws {
        let entries = keys.indices.map { Samples.entry(path, $0, text: "\(path) \($0)") }
        try await index.replace(
            document: Samples.document(path), entries: entries, vectors: entries.map { Samples.vector($0.text) },
            keys: keys)
    }

    private func found(_ keys: [String], filter: LocalIndex.Filter = .none, limit: Int = 10) async throws -> [String] {
        let hits = try await index.search(text: "", vector: nil, keys: keys, filter: filter, limit: limit)
        return hits.keyed.compactMap { hits.entries[$0]?.text }
    }

    @Test("entries come in the order of the keys, each once, as many as wanted")
    func order() async throws {
        try await put("a.swift", ["x", "y"], ["y"], [])
        try await put("b.swift", ["x"])
        #expect(try await found(["y", "x"]) == ["a.swift 0", "a.swift 1", "b.swift 0"])
        #expect(try await found(["x", "y"]) == ["a.swift 0", "b.swift 0", "a.swift 1"])
        #expect(try await found(["x", "y"], limit: 2) == ["a.swift 0", "b.swift 0"])
        #expect(try await found(["X", "z", ""]) == [])
        #expect(try await found(["x"], filter: .init(pathPrefix: "b")) == ["b.swift 0"])
    }

    @Test("keys go with their entries, also when an index is compacted")
    func removal() async throws {
        try await put("a.swift", ["x"])
        try await put("b.swift", ["x"])
        try await put("a.swift", ["z"])
        #expect(try await found(["x", "z"]) == ["b.swift 0", "a.swift 0"])
        try await index.remove(documents: ["b.swift"])
        try await index.compact()
        #expect(try await found(["x", "z"]) == ["a.swift 0"])
    }

    @Test("one list of keys for each entry, or none at all")
    func mismatch() async throws {
        let entries = [Samples.entry("a.swift", 0, text: "one"), Samples.entry("a.swift", 1, text: "two")]
        await #expect(throws: LocalIndexError.self) {
            try await index.replace(
                document: Samples.document("a.swift"), entries: entries,
                vectors: entries.map { Samples.vector($0.text) },
                keys: [["x"]])
        }
        #expect(try await index.documents().isEmpty)
    }
}
