import NIOHTTP1

extension QdrantClient {
    /// Writes points; those with the same id are replaced.
    ///
    /// Many points leave in several requests (``QdrantBatchLimits``). After a failure some of them may be there.
    public func upsert(_ points: [QdrantPoint<some Encodable & Sendable>], into collection: String) async throws {
        var batches = UpsertBatches(limits: configuration.batch)
        let path = path(collection, "/points")
        for point in points {
            guard let body = try batches.add(connection.encoded(point)) else { continue }
            try await write(.PUT, path, body)
        }
        if let body = batches.finish() { try await write(.PUT, path, body) }
    }

    /// Removes all points that the filter lets through; none is no error.
    public func delete(_ filter: QdrantFilter, from collection: String) async throws {
        try await write(.POST, path(collection, "/points/delete"), try connection.encoded(["filter": filter]))
    }

    /// Removes points; those that are not there are no error.
    public func delete(_ ids: [QdrantPointID], from collection: String) async throws {
        guard !ids.isEmpty else { return }
        try await write(.POST, path(collection, "/points/delete"), try connection.encoded(["points": ids]))
    }

    /// The points of these ids, in no order; those that are not there are left out.
    public func points<Payload: Decodable & Sendable>(
        _ ids: [QdrantPointID],
        in collection: String,
        payload: QdrantPayloadSelection = .all,
        vectors: [String] = [],
        as type: Payload.Type = Payload.self
    ) async throws -> [QdrantRecord<Payload>] {
        guard !ids.isEmpty else { return [] }
        let body = PointsBody(ids: ids, with_payload: payload, with_vector: vectors.isEmpty ? nil : vectors)
        return try await read(path(collection, "/points"), body)
    }

    /// A page of what the filter lets through, in the order of ids. Points that come and go meanwhile may be in it or not.
    ///
    /// - Parameter offset: ``QdrantPage/next`` of the page before.
    public func scroll<Payload: Decodable & Sendable>(
        _ collection: String,
        filter: QdrantFilter? = nil,
        limit: Int,
        after offset: QdrantPointID? = nil,
        payload: QdrantPayloadSelection = .all,
        vectors: [String] = [],
        as type: Payload.Type = Payload.self
    ) async throws -> QdrantPage<Payload> {
        let body = ScrollBody(
            filter: filter, limit: limit, offset: offset, with_payload: payload,
            with_vector: vectors.isEmpty ? nil : vectors)
        return try await read(path(collection, "/points/scroll"), body)
    }

    /// All of what the filter lets through, page by page.
    public func all<Payload: Decodable & Sendable>(
        in collection: String,
        filter: QdrantFilter? = nil,
        pageSize: Int = 512,
        payload: QdrantPayloadSelection = .all,
        as type: Payload.Type = Payload.self
    ) async throws -> [QdrantRecord<Payload>] {
        var records: [QdrantRecord<Payload>] = []
        var offset: QdrantPointID?
        repeat {
            let page: QdrantPage<Payload> = try await scroll(
                collection, filter: filter, limit: pageSize, after: offset, payload: payload)
            records += page.records
            offset = page.next
        } while offset != nil
        return records
    }

    /// Exactly how many points the filter lets through.
    public func count(in collection: String, filter: QdrantFilter? = nil) async throws -> Int {
        struct Body: Encodable {
            let filter: QdrantFilter?
            let exact = true
        }
        struct Answer: Decodable { let count: Int }
        let answer: Answer = try await read(path(collection, "/points/count"), Body(filter: filter))
        return answer.count
    }
}

private struct PointsBody: Encodable {
    let ids: [QdrantPointID]
    let with_payload: QdrantPayloadSelection
    let with_vector: [String]?
}

private struct ScrollBody: Encodable {
    let filter: QdrantFilter?
    let limit: Int
    let offset: QdrantPointID?
    let with_payload: QdrantPayloadSelection
    let with_vector: [String]?
}
