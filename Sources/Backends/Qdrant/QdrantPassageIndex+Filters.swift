import Hearth
import Qdrant

extension QdrantPassageIndex {
    /// Points of one kind and of nobody else's project; every request has this.
    func filter(
        _ kind: PointKind, of index: IndexReference, _ more: [QdrantCondition] = [], not: [QdrantCondition] = []
    ) -> QdrantFilter {
        QdrantFilter(
            must: [
                .equals(PointField.project, index.projectID.rawValue), .equals(PointField.kind, kind.rawValue),
            ] + more, mustNot: not)
    }

    /// The passages of one revision.
    func filter(revision: String, of path: String, _ index: IndexReference) -> QdrantFilter {
        filter(.passage, of: index, [.equals(PointField.path, path), .equals(PointField.revision, revision)])
    }

    /// Rows of documents, of all or of those in a folder.
    func rows(of index: IndexReference, in folder: String = "") async throws -> [DocumentPayload] {
        let conditions: [QdrantCondition] = folder.isEmpty ? [] : [.equals(PointField.folders, folder)]
        return try await client.all(
            in: names.collection(of: index), filter: filter(.document, of: index, conditions)
        ).map(\.payload)
    }

    /// Rows of the documents that there are.
    func rows(of paths: some Collection<String>, _ index: IndexReference) async throws -> [DocumentPayload] {
        try await client.points(
            paths.map { QdrantIndexNames.row(of: $0, in: index.projectID) }, in: names.collection(of: index)
        ).map(\.payload)
    }
}
