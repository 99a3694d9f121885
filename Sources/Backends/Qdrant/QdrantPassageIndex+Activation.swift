import FoundationEssentials
public import Hearth
import Qdrant

extension QdrantPassageIndex {
    /// Turns the project's alias to the generation, if it has all passages that its manifest says.
    ///
    /// If it has not, a `conflict` says so, the alias stays, and documents that are not whole are forgotten, so that the
    /// next comparison with the source brings them back.
    public func activate(_ index: IndexReference) async throws {
        try await translatingQdrant {
            try await checkCounts(of: index)
            let collection = names.collection(of: index)
            let alias = names.alias(of: index.projectID)
            let before = try await client.aliases()[alias]
            guard before != collection else { return }
            let create = QdrantAliasChange.create(alias: alias, collection: collection)
            try await client.changeAliases(before == nil ? [create] : [.delete(alias: alias), create])
        }
    }

    private func checkCounts(of index: IndexReference) async throws {
        let collection = names.collection(of: index)
        let rows = try await rows(of: index)
        let wanted = rows.reduce(0) { $0 + $1.passages }
        let count = try await client.count(in: collection, filter: filter(.passage, of: index))
        guard count != wanted else { return }
        // What is too much may be of a write that is under way or broke off, and is nobody's. Nothing may be missing.
        var counts: [RevisionPayload: Int] = [:]
        let passages: [QdrantRecord<RevisionPayload>] = try await client.all(
            in: collection, filter: filter(.passage, of: index),
            payload: .only([PointField.path, PointField.revision]))
        for passage in passages { counts[passage.payload, default: 0] += 1 }
        var broken: [String] = []
        for row in rows {
            let revision = RevisionPayload(path: row.path, revision: row.revision)
            guard counts[revision, default: 0] != row.passages, try await isBroken(row, index) else { continue }
            broken.append(row.path)
        }
        guard !broken.isEmpty else { return }
        try await remove(broken, from: index)
        let more = broken.count > 1 ? " and \(broken.count - 1) more" : ""
        throw StoreError(
            .conflict,
            "The index \(index.generation) of project '\(index.projectID)' has \(count) passages and its manifest says "
                + "\(wanted): '\(broken[0])'\(more) is not whole. It is not activated; compare with the source again.")
    }

    /// Whether a document that seemed not to be whole is so still: it may have been written meanwhile.
    private func isBroken(_ row: DocumentPayload, _ index: IndexReference) async throws -> Bool {
        guard let now = try await rows(of: [row.path], index).first, now.revision == row.revision else { return false }
        let filter = filter(revision: row.revision, of: row.path, index)
        return try await client.count(in: names.collection(of: index), filter: filter) != now.passages
    }

    /// Removes passages that are nobody's and that nobody can be writing any more.
    func removeLeftovers(of index: IndexReference) async throws {
        struct Written: Decodable, Sendable {
            let path: String
            let revision: String
            let written: Int
        }
        let collection = names.collection(of: index)
        let wanted = try await rows(of: index).reduce(0) { $0 + $1.passages }
        guard try await client.count(in: collection, filter: filter(.passage, of: index)) > wanted else { return }
        let latest = Int(Date().timeIntervalSince1970) - Self.longestWrite
        let passages: [QdrantRecord<Written>] = try await client.all(
            in: collection, filter: filter(.passage, of: index),
            payload: .only([PointField.path, PointField.revision, PointField.written]))
        let current = Dictionary(
            try await rows(of: index).map { ($0.path, $0.revision) }, uniquingKeysWith: { $1 })
        let leftovers = passages.filter { record in
            current[record.payload.path] != record.payload.revision && record.payload.written < latest
        }
        for start in stride(from: 0, to: leftovers.count, by: 1_000) {
            let ids = leftovers[start..<min(start + 1_000, leftovers.count)].map(\.id)
            try await client.delete(Array(ids), from: collection)
        }
    }

    /// Seconds after which a document that is not written will not be; much longer than any write takes.
    private static var longestWrite: Int { 3_600 }
}
