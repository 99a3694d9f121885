import FoundationEssentials
public import Hearth
import LocalIndex
import Qdrant

extension QdrantPassageIndex {
    /// The new passages come first, unseen; then the row, which turns all readers to them; then what the document was
    /// before, or what another write left behind, goes.
    public func replace(
        _ document: IndexedDocument,
        with passages: [IndexedPassage],
        in index: IndexReference
    ) async throws {
        let dimension = try await dimension(of: index)
        if let odd = passages.lazy.compactMap(\.vector).first(where: { $0.count != dimension }) {
            throw StoreError(
                .conflict,
                "A vector of '\(document.path)' has \(odd.count) dimensions and the index \(dimension). "
                    + "Use the encoder that the index was made with, or ingest again.")
        }
        let revision = Self.revision(of: document.path, passages)
        let points = points(passages, of: document.path, revision: revision, in: index)
        let row = QdrantPoint(
            id: QdrantIndexNames.row(of: document.path, in: index.projectID),
            payload: DocumentPayload(document, project: index.projectID, revision: revision))
        let collection = names.collection(of: index)
        try await translatingQdrant {
            let before = try await revisions(of: document.path, index).subtracting([revision])
            try await write(points, row, revision: revision, index)
            guard !before.isEmpty else { return }
            let outdated = filter(
                .passage, of: index,
                [.equals(PointField.path, document.path), .isAnyOf(PointField.revision, before.sorted())])
            try await client.delete(outdated, from: collection)
            // Somebody else was writing one of those, and turned the row to it just before: then this stays, for it is whole.
            guard let now = try await rows(of: [document.path], index).first, before.contains(now.revision) else {
                return
            }
            try await write(points, row, revision: revision, index)
        }
    }

    public func remove(_ paths: [String], from index: IndexReference) async throws {
        let collection = names.collection(of: index)
        try await translatingQdrant {
            for start in stride(from: 0, to: paths.count, by: Self.pathsAtOnce) {
                let some = Array(paths[start..<min(start + Self.pathsAtOnce, paths.count)])
                // Without its row nobody sees a document.
                try await client.delete(
                    some.map { QdrantIndexNames.row(of: $0, in: index.projectID) }, from: collection)
                try await client.delete(
                    filter(.passage, of: index, [.isAnyOf(PointField.path, some)]), from: collection)
            }
        }
    }

    static let pathsAtOnce = 256

    /// A hash of everything that the passages are: who does the same again writes the same points.
    private static func revision(of path: String, _ passages: [IndexedPassage]) -> String {
        let parts = passages.flatMap { entry in
            let passage = entry.passage
            return [
                passage.id, passage.language, "\(passage.lines)", "\(passage.bytes)", passage.documentVersion,
                passage.symbol, passage.header, passage.text, passage.hash,
            ] + entry.nameKeys
        }
        return String(Digest.sha256(of: [path] + parts).prefix(32))
    }

    private func points(
        _ passages: [IndexedPassage], of path: String, revision: String, in index: IndexReference
    ) -> [QdrantPoint<PassagePayload>] {
        let now = Int(Date().timeIntervalSince1970)
        return passages.enumerated().map { number, entry in
            QdrantPoint(
                id: QdrantIndexNames.passage(number, of: path, revision: revision, in: index.projectID),
                payload: PassagePayload(entry.passage, project: index.projectID, revision: revision, written: now),
                vectors: vectors(of: entry))
        }
    }

    private func vectors(of entry: IndexedPassage) -> QdrantVectors {
        let passage = entry.passage
        let lexical = sparse(
            terms.entry(
                path: passage.path, symbol: passage.symbol, header: passage.header, text: passage.text))
        let names = sparse(Dictionary(entry.nameKeys.map { ($0, 1) }, uniquingKeysWith: { first, _ in first }))
        return QdrantVectors(
            dense: entry.vector.map { [PassageVector.dense: $0] } ?? [:],
            sparse: [PassageVector.lexical: lexical, PassageVector.names: names].filter { !$0.value.isEmpty })
    }

    /// The revisions of which there are passages of a document.
    private func revisions(of path: String, _ index: IndexReference) async throws -> Set<String> {
        let found: [QdrantRecord<RevisionPayload>] = try await client.all(
            in: names.collection(of: index), filter: filter(.passage, of: index, [.equals(PointField.path, path)]),
            payload: .only([PointField.path, PointField.revision]))
        return Set(found.map(\.payload.revision))
    }

    private func write(
        _ points: [QdrantPoint<PassagePayload>], _ row: QdrantPoint<DocumentPayload>, revision: String,
        _ index: IndexReference
    ) async throws {
        let collection = names.collection(of: index)
        try await client.upsert(points, into: collection)
        try await client.upsert([row], into: collection)
        try await complete(points, revision: revision, of: row.payload.path, index)
    }

    /// Somebody who takes away what the document was before may have taken this for it, if both write at the same time:
    /// then it is written once more.
    private func complete(
        _ points: [QdrantPoint<PassagePayload>], revision: String, of path: String, _ index: IndexReference
    ) async throws {
        guard !points.isEmpty else { return }
        let collection = names.collection(of: index)
        let mine = filter(revision: revision, of: path, index)
        if try await client.count(in: collection, filter: mine) == points.count { return }
        try await client.upsert(points, into: collection)
        let count = try await client.count(in: collection, filter: mine)
        guard count == points.count else {
            throw StoreError(
                .unreachable,
                "Of the \(points.count) passages of '\(path)' \(count) are in the index: somebody else changes them. "
                    + "Try again.")
        }
    }
}
