import AsyncHTTPClient
import NIOCore

@testable import S3

/// Lends a client for HTTP and shuts it down afterwards.
func withHTTPClient<Value: Sendable>(
    _ configuration: HTTPClient.Configuration = .s3(),
    _ body: @Sendable (HTTPClient) async throws -> Value
) async throws -> Value {
    let http = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
    do {
        let value = try await body(http)
        try await http.shutdown()
        return value
    } catch {
        try? await http.shutdown()
        throw error
    }
}

/// A client of a scripted server; it does not wait between attempts.
func testClient(
    _ http: HTTPClient,
    endpoint: String,
    addressing: S3ClientConfiguration.Addressing = .path,
    clock: @escaping @Sendable () -> Int = { 1_800_000_000 }
) throws -> S3Client {
    let configuration = S3ClientConfiguration(
        endpoint: try S3Endpoint(endpoint), addressing: addressing,
        credentials: .fixed(S3Credentials(accessKeyID: "AK", secretAccessKey: "SK")), attempts: 3)
    return testClient(http, configuration, clock: clock)
}

func testClient(
    _ http: HTTPClient,
    _ configuration: S3ClientConfiguration,
    clock: @escaping @Sendable () -> Int = { 1_800_000_000 }
) -> S3Client {
    S3Client(configuration, http: http, clock: ServerClock(local: clock), sleep: { _ in })
}

extension S3ClientConfiguration {
    func with(_ credentials: S3CredentialSource) -> S3ClientConfiguration {
        var copy = self
        copy.credentials = credentials
        return copy
    }
}
