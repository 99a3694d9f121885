import AsyncHTTPClient
import Backends
import Foundation
import Hearth
import HearthTesting
import Qdrant

/// Indexes for tests, on the server that the environment names: each of its own name, so that tests run side by side and
/// on a real server.
struct QdrantTestIndex: Sendable {
    static let url = ProcessInfo.processInfo.environment["QDRANT_URL"]
    static let apiKey = ProcessInfo.processInfo.environment["QDRANT_API_KEY"]

    let index: QdrantPassageIndex
    let client: QdrantClient
    let prefix: String

    /// Lends an index, and removes all of its collections afterwards.
    static func with<Result>(
        _ settings: QdrantIndexSettings = QdrantIndexSettings(),
        _ body: (QdrantTestIndex) async throws -> Result
    ) async throws -> Result {
        try await withHTTP { http in
            let test = try make(url ?? "", prefix: "t-\(UUID().uuidString.lowercased())", http, settings: settings)
            do {
                let result = try await body(test)
                try await test.removeAll()
                return result
            } catch {
                try? await test.removeAll()
                throw error
            }
        }
    }

    static func withHTTP<Result>(_ body: (HTTPClient) async throws -> Result) async throws -> Result {
        let http = HTTPClient(configuration: try .qdrant())
        do {
            let result = try await body(http)
            try await http.shutdown()
            return result
        } catch {
            try? await http.shutdown()
            throw error
        }
    }

    /// The same index, or one of another address, by a client of its own.
    static func make(
        _ url: String, prefix: String, _ http: HTTPClient, settings: QdrantIndexSettings = QdrantIndexSettings(),
        key: String? = apiKey, timeout: Duration = .seconds(60), retry: QdrantRetryPolicy = QdrantRetryPolicy()
    ) throws -> QdrantTestIndex {
        var settings = settings
        settings.prefix = prefix
        let configuration = QdrantConfiguration(url: url, apiKey: key, timeout: timeout, retry: retry)
        let client = try QdrantClient(configuration, http: http)
        return QdrantTestIndex(
            index: try QdrantPassageIndex(client: client, settings: settings), client: client, prefix: prefix)
    }

    /// How many passages a collection has, those that nobody sees included.
    func storedPassages(_ reference: IndexReference) async throws -> Int {
        try await client.count(
            in: "\(prefix)~\(reference.projectID)~\(reference.generation)",
            filter: QdrantFilter(must: [.equals("kind", "passage")]))
    }

    private func removeAll() async throws {
        for name in try await client.collections() where name.hasPrefix(prefix) {
            try await client.deleteCollection(name)
        }
    }
}
