public import Hearth
import LocalIndex
import Qdrant

extension QdrantPassageIndex {
    public func search(_ query: PassageQuery, in index: IndexReference) async throws -> PassageCandidates {
        if let vector = query.vector {
            let dimension = try await dimension(of: index)
            guard vector.count == dimension else {
                throw StoreError(
                    .conflict,
                    "The question's vector has \(vector.count) dimensions and the index \(dimension). "
                        + "Use the encoder that the index was made with.")
            }
        }
        return try await translatingQdrant {
            let scope = try await scope(query.filter.pathPrefix ?? "", index)
            async let unembedded = unembedded(index)
            let lists = try await lists(query, scope: scope, index)
            return PassageCandidates(
                lexical: candidates(lists.lexical, limit: query.limit),
                dense: candidates(lists.dense, limit: query.limit),
                named: candidates(lists.named, limit: query.limit).map(\.passage),
                unembedded: try await unembedded)
        }
    }

    /// The places of a question's or a passage's terms: 32 bits of a hash. Two of a hundred thousand terms fall on one
    /// place about once in an index, and count for each other there.
    func sparse(_ weights: [String: Double]) -> QdrantSparseVector {
        var places: [UInt32: Float] = [:]
        for (term, weight) in weights { places[Self.place(of: term), default: 0] += Float(weight) }
        return QdrantSparseVector(places)
    }

    /// FNV-1a.
    private static func place(of term: String) -> UInt32 {
        term.utf8.reduce(2_166_136_261) { ($0 ^ UInt32($1)) &* 16_777_619 }
    }

    /// How many passages have no vector yet.
    private func unembedded(_ index: IndexReference) async throws -> Int {
        let waiting: [QdrantRecord<DocumentPayload>] = try await client.all(
            in: names.collection(of: index),
            filter: filter(.document, of: index, [.equals(PointField.vectors, VectorState.some.rawValue)]))
        return waiting.reduce(0) { $0 + $1.payload.unembedded }
    }

    private func scope(_ prefix: String, _ index: IndexReference) async throws -> PathScope {
        if prefix.isEmpty { return .everything }
        if prefix.hasSuffix("/") { return .inFolder(prefix) }
        let rows = try await rows(of: index, in: PathScope.folder(of: prefix))
        return PathScope(prefix: prefix, among: rows.map(\.path))
    }

    private struct Found {
        var lexical: [QdrantRecord<PassagePayload>] = []
        var dense: [QdrantRecord<PassagePayload>] = []
        var named: [QdrantRecord<PassagePayload>] = []

        func filter(_ isIncluded: (QdrantRecord<PassagePayload>) -> Bool) -> Found {
            Found(
                lexical: lexical.filter(isIncluded), dense: dense.filter(isIncluded), named: named.filter(isIncluded))
        }
    }

    /// What fits best of what counts: see ``HiddenRevisions``.
    private func lists(_ query: PassageQuery, scope: PathScope, _ index: IndexReference) async throws -> Found {
        var hidden = HiddenRevisions()
        var found = Found()
        var current: [String: String] = [:]
        for _ in 0..<Self.attemptsToRead {
            found = try await ask(query, scope: scope, without: hidden, index)
            let revisions = (found.lexical + found.dense + found.named).map { record in
                RevisionPayload(path: record.payload.path, revision: record.payload.revision)
            }
            let paths = Set(revisions.map(\.path)).union(hidden.paths.values)
            current = Dictionary(
                try await rows(of: paths, index).map { ($0.path, $0.revision) }, uniquingKeysWith: { $1 })
            if hidden.settle(found: revisions, current: current) { return found }
        }
        // Documents change faster than can be looked: those that just did are left out.
        return found.filter { current[$0.payload.path] == $0.payload.revision }
    }

    /// All lists in one request.
    private func ask(
        _ query: PassageQuery, scope: PathScope, without hidden: HiddenRevisions, _ index: IndexReference
    ) async throws -> Found {
        var conditions = scope.conditions
        if !query.filter.languages.isEmpty {
            conditions.append(.isAnyOf(PointField.language, query.filter.languages.sorted()))
        }
        let outdated = hidden.paths.keys.sorted()
        let filter = filter(
            .passage, of: index, conditions,
            not: outdated.isEmpty ? [] : [.isAnyOf(PointField.revision, outdated)])
        let words = sparse(terms.question(query.text))
        let limit = max(0, query.limit) + Self.reserve
        let lexical =
            words.isEmpty
            ? nil : QdrantSearch(.sparse(words), using: PassageVector.lexical, filter: filter, limit: limit)
        let dense = query.vector.map { vector in
            QdrantSearch(
                .dense(vector), using: PassageVector.dense, filter: filter,
                parameters: settings.search(limit: limit), limit: limit)
        }
        let names = sparse(Self.weights(of: query.nameKeys))
        let named =
            names.isEmpty
            ? nil : QdrantSearch(.sparse(names), using: PassageVector.names, filter: filter, limit: limit)
        let searches = [lexical, dense, named].compactMap { $0 }
        if searches.isEmpty || query.limit <= 0 || scope == .nothing {
            // Also of an index that is not there it has to be said.
            _ = try await client.collection(self.names.collection(of: index))
            return Found()
        }
        var lists: [[QdrantRecord<PassagePayload>]] = try await client.query(
            batch: searches, in: self.names.collection(of: index))
        return Found(
            lexical: lexical == nil ? [] : lists.removeFirst(), dense: dense == nil ? [] : lists.removeFirst(),
            named: named == nil ? [] : lists.removeFirst())
    }

    /// Each key counts more than all that come after it, as far as numbers reach: the first are the surest.
    private static func weights(of keys: [String]) -> [String: Double] {
        Dictionary(
            keys.enumerated().map { ($1, Double(sign: .plus, exponent: -min($0, 60), significand: 1)) },
            uniquingKeysWith: { first, _ in first })
    }

    /// Equal scores come in no order, so that some more are asked for and put in one.
    private func candidates(
        _ records: [QdrantRecord<PassagePayload>], limit: Int
    ) -> [PassageCandidates.Candidate] {
        let ordered = records.sorted { left, right in
            let (first, second) = (left.score ?? 0, right.score ?? 0)
            return first != second ? first > second : left.payload.id < right.payload.id
        }
        return ordered.prefix(max(0, limit)).map { .init(passage: $0.payload.passage, score: $0.score ?? 0) }
    }

    private static var reserve: Int { 16 }
}
