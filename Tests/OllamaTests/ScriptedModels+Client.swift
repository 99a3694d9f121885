import AsyncHTTPClient
import Ollama
import ScriptedModels

extension ScriptedModels {
    /// Serves while `body` runs, with a client of this server.
    func client<Value: Sendable>(
        longestLine: Int = 8 << 20,
        _ body: @escaping @Sendable (OllamaClient) async throws -> Value
    ) async throws -> Value {
        try await serving { url in
            var configuration = HTTPClient.Configuration()
            configuration.connectionPool.retryConnectionEstablishment = false
            let http = HTTPClient(configuration: configuration)
            do {
                let value = try await body(OllamaClient(baseURL: url, http: http, longestLine: longestLine))
                try await http.shutdown()
                return value
            } catch {
                try await http.shutdown()
                throw error
            }
        }
    }
}
