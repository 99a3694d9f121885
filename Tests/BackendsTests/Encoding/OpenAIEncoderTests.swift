import Backends
import Hearth
import ScriptedModels
import Testing

@Suite("Encoder of OpenAI-compatible servers")
struct OpenAIEncoderTests {
    @Test("the model is known by its id and the dimension that it sends")
    func identity() async throws {
        try await ScriptedModels.embedding("BAAI/bge-m3", dimension: 1024).openAIEncoder { encoder in
            #expect(
                encoder.identity
                    == EncoderIdentity(
                        name: "BAAI/bge-m3", dimension: 1024, maximumTokens: 8190,
                        fingerprint: "openai/BAAI/bge-m3/1024"))
        }
    }

    @Test("where the server does not tell its context, it is tried", arguments: [(300, 510), (4000, 1022)])
    func context(longestText: Int, expected: Int) async throws {
        try await ScriptedModels.embedding("m", contextLength: nil, longestText: longestText).openAIEncoder { encoder in
            #expect(encoder.identity.maximumTokens == expected)
        }
    }

    @Test("the key is sent, and a wrong one is refused with what to do")
    func key() async throws {
        let models = ScriptedModels.embedding("m").locked(with: "secret")
        try await models.openAIEncoder(apiKey: "secret") { encoder in
            let vectors = try await encoder.encode(["a"])
            #expect(vectors.count == 1)
        }
        let error = await #expect(throws: EncoderError.self) { try await models.openAIEncoder(apiKey: "x") { _ in } }
        #expect(error?.code == .refused && error?.message.contains("openai.api_key") == true)
    }

    @Test(
        "what servers say becomes what Hearth does about it",
        arguments: [
            (400, #"{"error":{"message":"This model's maximum context length is 8 tokens","code":400}}"#, "tooLong"),
            (
                413, #"{"message":"Input validation error: `inputs` must have less than 512 tokens. Given: 600"}"#,
                "tooLong"
            ),
            (
                500, #"{"error":{"message":"input is too large to process. increase the physical batch size"}}"#,
                "tooLong"
            ),
            (503, #"{"error":{"message":"overloaded"}}"#, "unavailable"), (429, "{}", "unavailable"),
            (404, #"{"error":{"message":"The model `m` does not exist."}}"#, "refused"), (422, "{}", "refused"),
        ])
    func failures(status: Int, body: String, code: String) async throws {
        let models = ScriptedModels.embedding("m") { call in
            call.inputs == ["probe"] ? .vectors : .refuses(status, body)
        }
        try await models.openAIEncoder { encoder in
            let error = await #expect(throws: EncoderError.self) { try await encoder.encode(["text"]) }
            #expect(error?.code.rawValue == code, "\(String(describing: error))")
        }
    }

    @Test("a server that was started with another model is found out")
    func replaced() async throws {
        let models = ScriptedModels.embedding("m", dimension: 8)
        try await models.openAIEncoder { encoder in
            try await encoder.confirm()
            models.change.replaceAll(with: [.init("m", dimension: 16)])
            let confirmation = await #expect(throws: EncoderError.self) { try await encoder.confirm() }
            #expect(confirmation?.code == .changed)
            let encoding = await #expect(throws: EncoderError.self) { try await encoder.encode(["a"]) }
            #expect(encoding?.code == .dimensionMismatch)
        }
    }
}
