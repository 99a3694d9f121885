import AsyncHTTPClient
import Backends
import Hearth
import Ollama
import ScriptedModels

extension ScriptedModels {
    /// A server that echoes the context in 40 pieces, as both protocols' default.
    static let echo = ScriptedModels { request in
        ModelScript(texts: ContextEcho(question: request.question, count: 40).pieces(after: request.prefix))
    }

    /// Lends a generator that asks this server through Ollama's protocol.
    func ollama<Value: Sendable>(
        _ settings: OllamaGeneratorSettings = OllamaGeneratorSettings(),
        _ body: @escaping @Sendable (OllamaGenerator) async throws -> Value
    ) async throws -> Value {
        try await withHTTP { url, http in
            try await body(OllamaGenerator(client: OllamaClient(baseURL: url, http: http), settings: settings))
        }
    }

    /// Lends a generator that asks this server through OpenAI's protocol.
    func openAI<Value: Sendable>(
        continuesAnswers: Bool = false,
        apiKey: String? = nil,
        model: String? = nil,
        _ body: @escaping @Sendable (OpenAIGenerator) async throws -> Value
    ) async throws -> Value {
        try await withHTTP { url, http in
            let settings = OpenAIGeneratorSettings(
                baseURL: url + "/v1", apiKey: apiKey, model: model, continuesAnswers: continuesAnswers)
            return try await body(OpenAIGenerator(http: http, settings: settings))
        }
    }

    func withHTTP<Value: Sendable>(
        _ body: @escaping @Sendable (String, HTTPClient) async throws -> Value
    ) async throws -> Value {
        try await serving { url in
            let http = HTTPClient(configuration: .modelServers())
            do {
                let value = try await body(url, http)
                try await http.shutdown()
                return value
            } catch {
                try await http.shutdown()
                throw error
            }
        }
    }
}

extension Generator {
    /// The error that ends an answer.
    func failure(of request: GenerationRequest) async throws -> GeneratorError? {
        do {
            for try await _ in try await generate(request) {}
            return nil
        } catch let error as GeneratorError {
            return error
        }
    }
}
