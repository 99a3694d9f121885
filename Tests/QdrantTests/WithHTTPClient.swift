import AsyncHTTPClient
import Qdrant

/// Lends an HTTP client as Qdrant's client needs it.
func withHTTPClient<Result>(
    trusting certificates: String? = nil,
    _ body: (HTTPClient) async throws -> Result
) async throws -> Result {
    let http = HTTPClient(configuration: try .qdrant(trusting: certificates))
    do {
        let result = try await body(http)
        try await http.shutdown()
        return result
    } catch {
        try? await http.shutdown()
        throw error
    }
}
