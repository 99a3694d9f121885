import LocalIndex
import LocalIndexCrasher
import Testing

/// Everything that can be read from an index, to compare two of them.
struct Content: Equatable {
    var documents: [LocalIndex.DocumentRecord] = []
    var entries: [LocalIndex.Entry] = []
    var vectors: [String: [Float]] = [:]

    /// What an index must hold after the first steps of the script.
    init(after steps: Int) {
        for (path, version) in Script.documents(after: steps).sorted(by: { $0.key < $1.key }) {
            documents.append(Script.record(path, version: version))
            let added = Script.entries(path, version: version)
            entries += added
            for entry in added { vectors[entry.hash] = Script.vector(entry.text) }
        }
    }

    init(_ index: LocalIndex) async throws {
        documents = try await index.documents()
        for document in documents { entries += try await index.entries(document: document.path) }
        vectors = try await index.vectors(forHashes: entries.map(\.hash))
    }

    /// Checks that both searches find exactly what is there.
    func expectSearchable(_ index: LocalIndex) async throws {
        for word in ["shared", "own", "symbol0", "folder1"] {
            let hits = try await index.searchText(word, limit: 1000)
            let found = try await index.entries(rows: hits.map(\.row))
            let expected = entries.filter { entry in
                [entry.document, entry.symbol, entry.header, entry.text].contains { text in
                    !Set(TermSplitter.terms(in: text)).isDisjoint(with: TermSplitter.terms(in: word))
                }
            }
            #expect(Set(found.values) == Set(expected))
            #expect(hits.count == expected.count)
        }
        let hits = try await index.searchVector(Script.vector("query"), limit: 1000)
        let found = try await index.entries(rows: hits.map(\.row))
        #expect(Set(found.values) == Set(entries))
        #expect(hits.count == entries.count)
        let distances = hits.map(\.score)
        #expect(distances == distances.sorted(by: >))
    }
}
