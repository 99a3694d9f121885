import AsyncHTTPClient
import Backends
import Hearth
import HearthTesting
import Ollama
import ScriptedModels

extension ScriptedModels {
    /// A server with one model that makes vectors.
    static func embedding(
        _ name: String = "nomic-embed-text:latest",
        contextLength: Int? = 8192,
        dimension: Int = 384,
        longestText: Int? = nil,
        vectorLength: Double = 1,
        _ script: @escaping @Sendable (EmbeddingCall) -> EmbeddingScript = { _ in .vectors }
    ) -> ScriptedModels {
        ScriptedModels(
            encoders: [
                Model(
                    name, contextLength: contextLength, capabilities: ["embedding"], dimension: dimension,
                    longestText: longestText, vectorLength: vectorLength)
            ],
            embedding: script)
    }

    /// The same server, which asks for a key.
    func locked(with key: String) -> ScriptedModels {
        var models = self
        models.apiKey = key
        return models
    }

    /// Lends an encoder that asks this server's first model through Ollama's protocol.
    func ollamaEncoder<Value: Sendable>(
        _ body: @escaping @Sendable (OllamaEncoder) async throws -> Value
    ) async throws -> Value {
        let name = models[0].name
        return try await withHTTP { url, http in
            try await body(OllamaEncoder(model: name, client: OllamaClient(baseURL: url, http: http)))
        }
    }

    /// Lends an encoder that asks this server's first model through OpenAI's protocol.
    func openAIEncoder<Value: Sendable>(
        apiKey: String? = nil,
        _ body: @escaping @Sendable (OpenAIEncoder) async throws -> Value
    ) async throws -> Value {
        let name = models[0].name
        return try await withHTTP { url, http in
            let server = OpenAIEmbeddingServer(baseURL: url + "/v1", apiKey: apiKey, http: http)
            return try await body(OpenAIEncoder(model: name, server: server))
        }
    }
}

/// The encoders of a test's process: hashed words in place of the embedded one, Ollama's at a server.
func testEncoders(_ url: String, _ http: HTTPClient) -> Encoders {
    Encoders(outliner: NoSyntax(), grammars: "none") { choice in
        switch choice.provider {
        case .minilm: HashedWordEncoder()
        case .ollama:
            try await OllamaEncoder(
                model: choice.model, client: OllamaClient(baseURL: choice.url ?? url, http: http))
        case .openai:
            try await OpenAIEncoder(
                model: choice.model, server: OpenAIEmbeddingServer(baseURL: choice.url ?? url + "/v1", http: http))
        }
    }
}
