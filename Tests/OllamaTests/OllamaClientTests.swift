import AsyncHTTPClient
import HearthTesting
import Ollama
import ScriptedModels
import Testing

@Suite("Ollama client")
struct OllamaClientTests {
    private let models = ScriptedModels(
        models: [
            .init("llama3.1:latest", contextLength: 131_072), .init("all-minilm:latest", capabilities: ["embedding"]),
            .init("old:7b", contextLength: nil, capabilities: nil),
        ]
    ) { _ in ModelScript(texts: ["hello"]) }

    @Test("tells the version, the models and what they can")
    func catalogue() async throws {
        try await models.client { client in
            #expect(try await client.version() == "0.12.3")
            let installed = try await client.models()
            #expect(installed.map(\.name) == ["llama3.1:latest", "all-minilm:latest", "old:7b"])
            #expect(installed[0].isNamed("llama3.1") && !installed[2].isNamed("old"))
            #expect(installed[0].digest == "digest-of-llama3.1:latest")
            let details = try await client.details(of: "llama3.1")
            #expect(details.contextLength == 131_072)
            #expect(details.embeddingLength == 4096)
            #expect(details.capabilities == ["completion"])
            let old = try await client.details(of: "old:7b")
            #expect(old.contextLength == nil && old.capabilities == nil)
        }
    }

    @Test("a model that is not there is not found")
    func unknownModel() async throws {
        try await models.client { client in
            let error = await #expect(throws: OllamaError.self) { try await client.details(of: "nobody") }
            #expect(error?.code == .modelNotFound)
        }
    }

    @Test("embeds in order, and refuses what is too long instead of cutting it")
    func embedding() async throws {
        try await models.client { client in
            let request = OllamaEmbedRequest(model: "all-minilm", input: ["a", "bb c", "a"])
            let reply = try await client.embed(request)
            #expect(reply.embeddings.map(\.count) == [4096, 4096, 4096])
            #expect(reply.embeddings[0] == reply.embeddings[2] && reply.embeddings[0] != reply.embeddings[1])
            #expect(reply.promptTokens == 4)
            let long = String(repeating: "word ", count: 140_000)
            let error = await #expect(throws: OllamaError.self) {
                try await client.embed(OllamaEmbedRequest(model: "all-minilm", input: [long]))
            }
            #expect(error?.code == .contextLengthExceeded)
        }
    }

    @Test("a port where nobody listens is unreachable, at once")
    func nobody() async throws {
        var configuration = HTTPClient.Configuration()
        configuration.connectionPool.retryConnectionEstablishment = false
        let http = HTTPClient(configuration: configuration)
        let client = OllamaClient(baseURL: "http://127.0.0.1:1", http: http)
        let start = ContinuousClock.now
        let error = await #expect(throws: OllamaError.self) { try await client.version() }
        #expect(error?.code == .unreachable)
        #expect(ContinuousClock.now - start < .seconds(2))
        try await http.shutdown()
    }
}
