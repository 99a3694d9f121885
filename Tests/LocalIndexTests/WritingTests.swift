import LocalIndex
import Testing

@Suite("Writing and reading")
struct WritingTests {
    private let folder: TemporaryFolder
    private let index: LocalIndex

    init() throws {
        folder = try TemporaryFolder()
        index = try Samples.open(folder)
    }

    @Test("a document comes back as it was stored, its entries in the order of their bytes")
    func roundTrip() async throws {
        let record = Samples.document("a/b.swift", version: "7", attributes: #"{"x":1}"#)
        let entries = (0..<5).map { Samples.entry("a/b.swift", $0, version: "7", symbol: "s\($0)", text: "text \($0)") }
        try await index.replace(
            document: record, entries: entries.reversed(),
            vectors: entries.reversed().map { Samples.vector($0.text) })
        #expect(try await index.entries(document: "a/b.swift") == entries)
        var expected = record
        expected.passageCount = 5
        #expect(try await index.document("a/b.swift") == expected)
        #expect(try await index.documents() == [expected])
        #expect(try await index.document("a") == nil)
        #expect(try await index.entries(document: "a").isEmpty)
        #expect(try await index.entries(ids: ["a/b.swift#3", "none", "a/b.swift#1"]) == [entries[3], entries[1]])
        #expect(try await index.entries(rows: [999]).isEmpty)
    }

    @Test("neighbours are the entries before and after, as far as there are any")
    func neighbours() async throws {
        try await index.put("a", (0..<5).map { "t\($0)" })
        #expect(try await index.neighbours(of: "a#2").map(\.text) == ["t1", "t3"])
        #expect(try await index.neighbours(of: "a#0").map(\.text) == ["t1"])
        #expect(try await index.neighbours(of: "a#4", count: 2).map(\.text) == ["t2", "t3"])
        #expect(try await index.neighbours(of: "a#2", count: 0).isEmpty)
        #expect(try await index.neighbours(of: "unknown").isEmpty)
    }

    @Test("replacing and removing leave nothing of the old")
    func replacing() async throws {
        try await index.put("a", ["old words", "more old words"])
        try await index.put("a", ["new words"], version: "2")
        #expect(try await index.texts("words") == ["new words"])
        #expect(try await index.texts("old").isEmpty)
        #expect(try await index.searchVector(Samples.vector("old words"), limit: 10).count == 1)
        try await index.put("b", [])
        #expect(try await index.documents().map(\.path) == ["a", "b"])
        try await index.remove(documents: ["a", "unknown"])
        #expect(try await index.texts("words").isEmpty)
        #expect(try await index.searchVector(Samples.vector("x"), limit: 10).isEmpty)
        #expect(try await index.documents().map(\.path) == ["b"])
        #expect(try await index.statistics().entries == 0)
    }

    @Test("a vector is stored once per content, also after its entries are gone")
    func contentHashes() async throws {
        try await index.put("a", ["same", "other"])
        #expect(try await index.unknownHashes(["hash of same", "hash of new"]) == ["hash of new"])
        try await index.remove(documents: ["a"])
        let entry = Samples.entry("b", text: "same")
        try await index.replace(document: Samples.document("b"), entries: [entry], vectors: [[]])
        #expect(
            try await index.vectors(forHashes: [entry.hash, "hash of new"]) == [entry.hash: Samples.vector("same")])
        #expect(try await index.statistics().vectors == 2)
        #expect(try await index.statistics().deadVectors == 1)
    }

    @Test("an entry without a vector is found by its words and keys, and by its vector once it is written with one")
    func unembedded() async throws {
        let entries = [Samples.entry("a", 0, text: "first one"), Samples.entry("a", 1, text: "second one")]
        func write(_ vectors: [[Float]]) async throws {
            try await index.replace(
                document: Samples.document("a"), entries: entries, vectors: vectors, keys: [["k"], ["k"]])
        }
        func search() async throws -> LocalIndex.Hits {
            try await index.search(text: "one", vector: Samples.vector("second one"), keys: ["k"], limit: 10)
        }
        try await write([Samples.vector("first one"), []])
        var found = try await search()
        #expect(found.text.count == 2 && found.keyed.count == 2 && found.vector.count == 1 && found.unembedded == 1)
        #expect(try await index.statistics().unembedded == 1)
        #expect(try await index.entries(document: "a").map(\.hash) == entries.map(\.hash))
        try await index.verify()
        try await index.compact()
        #expect(try await search().vector.count == 1)
        try await write([[], Samples.vector("second one")])
        found = try await search()
        #expect(found.text.count == 2 && found.keyed.count == 2 && found.vector.count == 2 && found.unembedded == 0)
        #expect(found.vector.first.flatMap { found.entries[$0.row]?.text } == "second one")
        try await index.verify()
    }

    @Test("entries without vectors are counted by those who open the index anew, too")
    func unembeddedAnew() async throws {
        try await index.replace(
            document: Samples.document("a"), entries: [Samples.entry("a", 0, text: "first one")], vectors: [[]])
        try await index.put("b", ["second one"])
        let anew = try LocalIndex.open(directory: index.directory, dimension: index.dimension)
        #expect(try await anew.statistics().unembedded == 1)
        try await index.remove(documents: ["a"])
        #expect(try await anew.statistics().unembedded == 0)
        #expect(try await index.statistics().unembedded == 0)
    }

    @Test("changes that arrive together are committed together")
    func groupCommit() async throws {
        let index = index
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<200 { group.addTask { try await index.put("f\(number)", ["text \(number)"]) } }
            try await group.waitForAll()
        }
        let statistics = try await index.statistics()
        #expect(statistics.documents == 200)
        #expect(statistics.version < 150)
    }

    @Test("cancelling the caller does not lose or tear its change")
    func cancellation() async throws {
        let index = index
        for round in 0..<20 {
            let task = Task { try await index.put("f\(round)", ["alpha \(round)", "beta \(round)"]) }
            task.cancel()
            try await task.value
            #expect(try await index.entries(document: "f\(round)").count == 2)
        }
        let search = Task { try await index.searchText("alpha", limit: 5) }
        search.cancel()
        do { _ = try await search.value } catch { #expect(error is CancellationError) }
        #expect(try await index.searchText("beta", limit: 5).count == 5)
    }

    @Test("what cannot be stored is refused")
    func badArguments() async throws {
        let entry = Samples.entry("a", text: "x")
        let good = Samples.vector("x")
        func refusal(_ document: String, _ vectors: [[Float]]) async -> LocalIndexError.Code? {
            do {
                try await index.replace(document: Samples.document(document), entries: [entry], vectors: vectors)
                return nil
            } catch {
                return (error as? LocalIndexError)?.code
            }
        }
        #expect(await refusal("a", []) == .invalidArgument)
        #expect(await refusal("b", [good]) == .invalidArgument)
        #expect(await refusal("a", [[1, 2]]) == .dimensionMismatch)
        #expect(await refusal("a", [[Float](repeating: .nan, count: 8)]) == .invalidArgument)
        #expect(await refusal("a", [[Float](repeating: 3e38, count: 8)]) == .invalidArgument)
        #expect(try await index.documents().isEmpty)
        #expect(await refusal("a", [good]) == nil)
    }

    @Test("an index is the same after it was closed and opened")
    func reopening() async throws {
        try await index.put("a", ["one", "two"])
        let hits = try await index.search(text: "one", vector: Samples.vector("two"), limit: 5)
        try index.close()
        let again = try Samples.open(folder)
        let found = try await again.search(text: "one", vector: Samples.vector("two"), limit: 5)
        #expect(found.text == hits.text)
        #expect(found.vector == hits.vector)
        #expect(found.entries == hits.entries)
        await #expect(throws: (any Error).self) { try await index.documents() }
        await #expect(throws: (any Error).self) { try await index.put("b", ["late"]) }
    }
}
