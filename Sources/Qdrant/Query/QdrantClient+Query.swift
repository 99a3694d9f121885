extension QdrantClient {
    /// What fits best, the best first.
    ///
    /// - Throws: `unsupported` if the server is too old for what the search asks for.
    public func query<Payload: Decodable & Sendable>(
        _ search: QdrantSearch,
        in collection: String,
        as type: Payload.Type = Payload.self
    ) async throws -> [QdrantRecord<Payload>] {
        try await require(search.since, for: "This query")
        let found: Found<Payload> = try await read(path(collection, "/points/query"), search)
        return found.points
    }

    /// Several queries in one request; their results in the same order.
    public func query<Payload: Decodable & Sendable>(
        batch searches: [QdrantSearch],
        in collection: String,
        as type: Payload.Type = Payload.self
    ) async throws -> [[QdrantRecord<Payload>]] {
        guard let newest = searches.map(\.since).max() else { return [] }
        try await require(newest, for: "This query")
        let found: [Found<Payload>] = try await read(path(collection, "/points/query/batch"), ["searches": searches])
        guard found.count == searches.count else {
            throw QdrantError(
                .malformedReply, "Qdrant answered \(found.count) of \(searches.count) queries; is it a Qdrant server?")
        }
        return found.map(\.points)
    }
}

private struct Found<Payload: Decodable & Sendable>: Decodable {
    let points: [QdrantRecord<Payload>]
}
