import AsyncHTTPClient
import Foundation
import S3
import ScriptedS3

/// The server that `scripts/with-ceph` or `scripts/with-moto` has started.
enum S3Server {
    static var isThere: Bool { RealS3.isThere }

    /// Lends a client and a bucket of its own, and removes both.
    static func withBucket(_ body: @Sendable (S3Client, String) async throws -> Void) async throws {
        let configuration = try RealS3.configuration()
        let bucket = "hearth-\(UUID().uuidString.lowercased())"
        try await withS3HTTPClient(RealS3.connections(to: [bucket, bucket + "-none"])) { http in
            let client = S3Client(configuration, http: http)
            try await client.createBucket(bucket)
            do {
                try await body(client, bucket)
            } catch {
                try? await remove(bucket, client)
                throw error
            }
            try await remove(bucket, client)
        }
    }

    private static func remove(_ bucket: String, _ client: S3Client) async throws {
        for version in try await client.versions(in: bucket) {
            try await client.delete(version.key, in: bucket, versionID: version.versionID)
        }
        try await client.deleteBucket(bucket)
    }
}

/// Lends a client for HTTP and shuts it down afterwards.
func withS3HTTPClient(
    _ configuration: HTTPClient.Configuration = .s3(), _ body: @Sendable (HTTPClient) async throws -> Void
) async throws {
    let http = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
    do {
        try await body(http)
    } catch {
        try? await http.shutdown()
        throw error
    }
    try await http.shutdown()
}

/// Lends a client of a bucket in memory.
func withMemoryBucket(
    _ bucket: MemoryBucket, _ body: @escaping @Sendable (S3Client) async throws -> Void
) async throws {
    try await withS3HTTPClient { http in
        try await ScriptedS3.run(bucket.answer) { server in
            let configuration = S3ClientConfiguration(
                endpoint: try S3Endpoint(server.endpoint),
                credentials: .fixed(S3Credentials(accessKeyID: "a", secretAccessKey: "s")),
                attempts: 2, firstBackoff: .milliseconds(1))
            try await body(S3Client(configuration, http: http))
        }
    }
}
