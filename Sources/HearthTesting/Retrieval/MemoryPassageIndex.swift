public import Hearth

/// A passage index in memory: as simple as the contract allows, to compare others with.
public actor MemoryPassageIndex: PassageIndex {
    private struct Contents {
        let generation: IndexGeneration
        var documents: [String: IndexedDocument] = [:]
        var passages: [String: [IndexedPassage]] = [:]

        var unembedded: Int { passages.values.joined().count { $0.vector == nil } }
    }

    private var indexes: [IndexReference: Contents] = [:]
    private var activated: [ProjectID: IndexReference] = [:]

    public init() {}

    public func prepare(_ generation: IndexGeneration, of project: ProjectID) async throws -> IndexReference {
        let reference = IndexReference(projectID: project, generation: generation.name)
        if indexes[reference] == nil { indexes[reference] = Contents(generation: generation) }
        return reference
    }

    public func activate(_ index: IndexReference) async throws {
        _ = try contents(of: index)
        activated[index.projectID] = index
    }

    public func active(of project: ProjectID) async throws -> IndexReference? { activated[project] }

    public func indexes(encodedLike generation: IndexGeneration) async throws -> [IndexReference] {
        indexes.filter { $1.generation.isEncoded(like: generation) }.map(\.key)
    }

    public func generation(of index: IndexReference) async throws -> IndexGeneration {
        try contents(of: index).generation
    }

    public func dropGenerations(of project: ProjectID, except kept: IndexReference?) async throws {
        for reference in indexes.keys where reference.projectID == project && reference != kept {
            indexes[reference] = nil
        }
        if kept == nil { activated[project] = nil }
    }

    public func replace(
        _ document: IndexedDocument,
        with passages: [IndexedPassage],
        in index: IndexReference
    ) async throws {
        let dimension = try contents(of: index).generation.dimension
        guard passages.allSatisfy({ $0.vector.map { $0.count == dimension } ?? true }) else {
            throw StoreError(.conflict, "The vectors have another dimension than the index. Ingest again.")
        }
        // In place: a copy for each of many documents would take the square of the time.
        indexes[index]?.documents[document.path] = document
        indexes[index]?.passages[document.path] = passages
    }

    public func remove(_ paths: [String], from index: IndexReference) async throws {
        var contents = try contents(of: index)
        for path in paths {
            contents.documents[path] = nil
            contents.passages[path] = nil
        }
        indexes[index] = contents
    }

    public func documents(in index: IndexReference) async throws -> [IndexedDocument] {
        try contents(of: index).documents.values.sorted { $0.path < $1.path }
    }

    public func document(_ path: String, in index: IndexReference) async throws -> IndexedDocument? {
        try contents(of: index).documents[path]
    }

    public func vectors(for hashes: [String], in index: IndexReference) async throws -> [String: [Float]] {
        let wanted = Set(hashes)
        let all = try contents(of: index).passages.values.joined().filter { wanted.contains($0.passage.hash) }
        let known = all.compactMap { entry in entry.vector.map { (entry.passage.hash, $0) } }
        return Dictionary(known, uniquingKeysWith: { first, _ in first })
    }

    public func statistics(of index: IndexReference) async throws -> IndexStatistics {
        let contents = try contents(of: index)
        return IndexStatistics(
            documents: contents.documents.count, passages: contents.passages.values.reduce(0) { $0 + $1.count },
            unembedded: contents.unembedded)
    }

    public func search(_ query: PassageQuery, in index: IndexReference) async throws -> PassageCandidates {
        let all = try contents(of: index).passages.values.joined().filter { matches($0.passage, query.filter) }
        let words = Set(IdentifierWords.split(query.text))
        let lexical = ranked(all, limit: query.limit) { entry in
            let text = "\(entry.passage.path) \(entry.passage.symbol) \(entry.passage.text)"
            return Double(IdentifierWords.split(text).count { words.contains($0) })
        }
        let dense = query.vector.map { vector in
            ranked(all.filter { $0.vector != nil }, limit: query.limit) { entry in
                zip(vector, entry.vector ?? []).reduce(0) { $0 + Double($1.0 * $1.1) }
            }
        }
        let places = Dictionary(
            query.nameKeys.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
        let named = ranked(all.filter { $0.nameKeys.contains { places[$0] != nil } }, limit: query.limit) { entry in
            -Double(entry.nameKeys.compactMap { places[$0] }.min() ?? 0)
        }
        return PassageCandidates(
            lexical: lexical.filter { $0.score > 0 }, dense: dense ?? [], named: named.map(\.passage),
            unembedded: try contents(of: index).unembedded)
    }

    public func passages(of path: String, in index: IndexReference) async throws -> [Passage] {
        (try contents(of: index).passages[path] ?? []).map(\.passage).sorted {
            $0.bytes.lowerBound < $1.bytes.lowerBound
        }
    }

    private func contents(of index: IndexReference) throws -> Contents {
        guard let contents = indexes[index] else {
            throw StoreError(.notFound, "There is no such index. Ingest the project.")
        }
        return contents
    }

    private func matches(_ passage: Passage, _ filter: PassageFilter) -> Bool {
        (filter.pathPrefix.map(passage.path.hasPrefix) ?? true)
            && (filter.languages.isEmpty || filter.languages.contains(passage.language))
    }

    private func ranked(
        _ passages: [IndexedPassage],
        limit: Int,
        score: (IndexedPassage) -> Double
    ) -> [PassageCandidates.Candidate] {
        let scored = passages.map { PassageCandidates.Candidate(passage: $0.passage, score: score($0)) }
        let ordered = scored.sorted { left, right in
            left.score != right.score ? left.score > right.score : left.passage.id < right.passage.id
        }
        return Array(ordered.prefix(limit))
    }
}
