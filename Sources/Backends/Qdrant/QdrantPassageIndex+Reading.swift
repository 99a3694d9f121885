public import Hearth
import Qdrant

extension QdrantPassageIndex {
    public func documents(in index: IndexReference) async throws -> [IndexedDocument] {
        try await translatingQdrant {
            try await rows(of: index).map(\.document).sorted { $0.path < $1.path }
        }
    }

    public func document(_ path: String, in index: IndexReference) async throws -> IndexedDocument? {
        try await translatingQdrant { try await rows(of: [path], index).first?.document }
    }

    public func statistics(of index: IndexReference) async throws -> IndexStatistics {
        try await translatingQdrant {
            let rows = try await rows(of: index)
            return IndexStatistics(
                documents: rows.count, passages: rows.reduce(0) { $0 + $1.passages },
                unembedded: rows.reduce(0) { $0 + $1.unembedded })
        }
    }

    public func vectors(for hashes: [String], in index: IndexReference) async throws -> [String: [Float]] {
        struct Hash: Decodable, Sendable { let hash: String }
        let wanted = Set(hashes).sorted()
        guard !wanted.isEmpty else { return [:] }
        let dimension = try await dimension(of: index)
        // About four megabytes of answer.
        let size = min(256, max(8, 400_000 / max(1, dimension)))
        var vectors: [String: [Float]] = [:]
        try await translatingQdrant {
            for start in stride(from: 0, to: wanted.count, by: 256) {
                let some = Array(wanted[start..<min(start + 256, wanted.count)])
                let filter = filter(.passage, of: index, [.isAnyOf(PointField.hash, some)])
                var missing = Set(some)
                var offset: QdrantPointID?
                repeat {
                    let page: QdrantPage<Hash> = try await client.scroll(
                        names.collection(of: index), filter: filter, limit: size, after: offset,
                        payload: .only([PointField.hash]), vectors: [PassageVector.dense])
                    for record in page.records {
                        guard let vector = record.vectors?.dense[PassageVector.dense] else { continue }
                        vectors[record.payload.hash] = vector
                        missing.remove(record.payload.hash)
                    }
                    offset = page.next
                } while offset != nil && !missing.isEmpty
            }
        }
        return vectors
    }

    public func passages(of path: String, in index: IndexReference) async throws -> [Passage] {
        try await translatingQdrant {
            var passages: [Passage] = []
            // The document may be replaced between its row and its passages: then once more.
            for _ in 0..<Self.attemptsToRead {
                guard let row = try await rows(of: [path], index).first else { return [] }
                let found: [QdrantRecord<PassagePayload>] = try await client.all(
                    in: names.collection(of: index), filter: filter(revision: row.revision, of: path, index))
                passages = found.map(\.payload.passage)
                if passages.count == row.passages { break }
            }
            return passages.sorted { ($0.bytes.lowerBound, $0.id) < ($1.bytes.lowerBound, $1.id) }
        }
    }

    static let attemptsToRead = 8
}
