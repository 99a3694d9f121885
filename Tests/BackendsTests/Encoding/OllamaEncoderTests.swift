import AsyncHTTPClient
import Backends
import Hearth
import Ollama
import ScriptedModels
import Testing

@Suite("Encoder of Ollama")
struct OllamaEncoderTests {
    @Test("the model is known by name, digest and dimension, which the server tells")
    func identity() async throws {
        try await ScriptedModels.embedding("llama3.1:8b", contextLength: 131_072, dimension: 4096).ollamaEncoder {
            encoder in
            #expect(
                encoder.identity
                    == EncoderIdentity(
                        name: "llama3.1:8b", dimension: 4096, maximumTokens: 131_070,
                        fingerprint: "ollama/llama3.1:8b@digest-of-ll/4096"))
        }
    }

    @Test("many texts go out in requests of a bounded number and size, and come back in order")
    func batches() async throws {
        let models = ScriptedModels.embedding()
        try await models.ollamaEncoder { encoder in
            let short = (0..<70).map { "word\($0)" }
            let vectors = try await encoder.encode(short)
            #expect(models.statistics.now.embedded == [32, 32, 6])
            #expect(vectors[40] == (try await encoder.encode([short[40]]))[0] && vectors[40] != vectors[41])
        }
        let long = (0..<20).map { "w\($0) " + String(repeating: "x", count: 8_000) }
        #expect(EmbeddingBatches(long).map(\.count) == [8, 8, 4])
        #expect(Array(EmbeddingBatches(long)).flatMap { $0 } == long)
    }

    @Test("a server that is away or busy is tried again later", arguments: [503, 500, 502])
    func unavailable(status: Int) async throws {
        let busy = #"{"error":"server busy, please try again.  maximum pending requests exceeded"}"#
        try await ScriptedModels.embedding { _ in .refuses(status, busy) }.ollamaEncoder { encoder in
            let error = await #expect(throws: EncoderError.self) { try await encoder.encode(["a"]) }
            #expect(error?.code == .unavailable && error?.isRetriable == true)
        }
    }

    @Test("nobody at the address is tried again, a model that is missing is not")
    func missing() async throws {
        try await ScriptedModels.embedding().withHTTP { url, http in
            let nobody = await #expect(throws: EncoderError.self) {
                try await OllamaEncoder(model: "m", client: OllamaClient(baseURL: "http://127.0.0.1:1", http: http))
            }
            #expect(nobody?.code == .unavailable)
            let missing = await #expect(throws: EncoderError.self) {
                try await OllamaEncoder(model: "mxbai", client: OllamaClient(baseURL: url, http: http))
            }
            #expect(missing?.code == .refused && missing?.message.contains("ollama pull mxbai") == true)
        }
    }

    @Test("a text is refused by the server's own limit as well, and never cut")
    func tooLong() async throws {
        try await ScriptedModels.embedding(contextLength: 8192, longestText: 100).ollamaEncoder { encoder in
            let text = String(repeating: "word ", count: 101)
            let error = await #expect(throws: EncoderError.self) { try await encoder.encode(["short", text]) }
            #expect(error?.code == .tooLong)
        }
    }

    private static let wrongReplies: [(vectors: [[Float]], code: EncoderError.Code)] = [
        ([[1, 0], [1, 0]], .unavailable), ([[1, 0, 0]], .dimensionMismatch), ([[0, 0]], .refused),
    ]

    @Test("vectors of another number, of another dimension or without direction are refused", arguments: wrongReplies)
    func nonsense(vectors: [[Float]], code: EncoderError.Code) async throws {
        try await ScriptedModels.embedding(dimension: 2) { _ in .sends(vectors) }.ollamaEncoder { encoder in
            let error = await #expect(throws: EncoderError.self) { try await encoder.encode(["a"]) }
            #expect(error?.code == code)
        }
    }

    @Test("a model that is replaced under its name is found before its vectors are used")
    func replaced() async throws {
        let models = ScriptedModels.embedding("m:latest", dimension: 8)
        try await models.ollamaEncoder { encoder in
            _ = try await encoder.encode(["a"])
            models.change.replaceAll(with: [.init("m:latest", dimension: 8, digest: "another")])
            let error = await #expect(throws: EncoderError.self) { try await encoder.encode(["a"]) }
            #expect(error?.code == .changed && error?.isRetriable == false)
        }
    }

    @Test("a question that is too long is cut by the count, and says so")
    func question() async throws {
        try await ScriptedModels.embedding(contextLength: 40, longestText: 40).ollamaEncoder { encoder in
            let long = try await encoder.encode(question: "find the thing that " + String(repeating: "x ", count: 90))
            let short = try await encoder.encode(question: "find the thing")
            #expect(long.isTruncated && !short.isTruncated)
        }
    }
}
