import Backends
import Hearth
import HearthTesting
import Ollama
import ScriptedModels
import Testing

@Suite("Ollama generator")
struct GeneratorOllamaTests {
    private func request(_ generator: any Generator) async throws -> GenerationRequest {
        try await GeneratorConformance(generator).request()
    }

    @Test("offers chat models only, with the context that they will have")
    func models() async throws {
        let models = ScriptedModels(
            models: [
                .init("all-minilm:latest", capabilities: ["embedding"]), .init("small:latest", contextLength: 2048),
                .init("llama3.1:latest"),
            ]
        ) { _ in ModelScript(texts: ["x"]) }
        let settings = OllamaGeneratorSettings(contextLengths: ["llama3.1:latest": 16_384])
        try await models.ollama(settings) { generator in
            let offered = try await generator.models()
            #expect(offered.map(\.name) == ["small:latest", "llama3.1:latest"])
            #expect(offered.map(\.contextLength) == [2048, 16_384])
            #expect(offered.map(\.digest) == ["digest-of-small:latest", "digest-of-llama3.1:latest"])
            #expect(try await generator.defaultModel().label == "ollama/small:latest")
        }
    }

    @Test("a configured model that is not installed is an error with the command that mends it")
    func missingModel() async throws {
        try await ScriptedModels.echo.ollama(OllamaGeneratorSettings(model: "qwen3:8b")) { generator in
            let error = await #expect(throws: GeneratorError.self) { try await generator.defaultModel() }
            #expect(error?.code == .modelNotFound)
            #expect(error?.message.contains("ollama pull qwen3:8b") == true)
        }
    }

    @Test("a server without a chat model says what to pull")
    func noModel() async throws {
        let models = ScriptedModels(models: []) { _ in ModelScript(texts: ["x"]) }
        try await models.ollama { generator in
            let error = await #expect(throws: GeneratorError.self) { try await generator.defaultModel() }
            #expect(error?.code == .modelNotFound)
            #expect(error?.message.contains("ollama pull") == true)
        }
    }

    @Test("context, seed, limit and beginning reach the model")
    func requestShape() async throws {
        let models = ScriptedModels { chat in
            let options = chat.body["options"]
            #expect(options?["num_ctx"]?.number == 8192)
            #expect(options?["seed"]?.number == 7)
            #expect(options?["temperature"]?.number == 0)
            #expect(options?["num_predict"]?.number == 95)
            #expect(options?["stop"] == .array([.string("END")]))
            #expect(chat.body["format"] == .string("json"))
            #expect(chat.messages.map(\.role) == ["system", "user", "assistant"])
            #expect(chat.prefix == "The answer so far ")
            return ModelScript(texts: ["{}"])
        }
        try await models.ollama { generator in
            var request = try await request(generator)
            request.prefix = "The answer so far "
            request.options.maximumTokens = 99
            request.options.stop = ["END"]
            request.options.responseFormat = .jsonObject
            #expect(try await GeneratorConformance(generator).text(of: request) == "{}")
        }
        #expect(models.statistics.now.requests == 1)
    }

    @Test("tokens are counted as the server tells, and length is told apart")
    func usage() async throws {
        var script = ModelScript(texts: ["a", "b"], promptTokens: 77)
        script.finishReason = "length"
        let models = ScriptedModels { [script] _ in script }
        try await models.ollama { generator in
            var last: GenerationEvent?
            for try await event in try await generator.generate(try await request(generator)) { last = event }
            #expect(last == .finished(.length, TokenUsage(prompt: 77, completion: 2)))
        }
    }

    @Test(
        "failures are typed, and say whether to try again",
        arguments: [
            ("busy", GeneratorError.Code.overloaded), ("broken", .unavailable), ("cut", .unavailable),
            ("line", .unavailable), ("garbage", .malformedReply), ("long", .contextLengthExceeded),
        ])
    func failures(name: String, code: GeneratorError.Code) async throws {
        let scripts: [String: ModelScript] = [
            "busy": .refusing(503, #"{"error":"server busy, please try again."}"#),
            "broken": ModelScript([.text("a"), .breakOff]),
            "cut": ModelScript([.text("a")], finishReason: nil),
            "line": ModelScript([.text("a"), .error("unexpected EOF")]),
            "garbage": ModelScript([.bytes(Array("<html>\n".utf8))]),
            "long": .refusing(400, #"{"error":"the input length exceeds the context length"}"#),
        ]
        let models = ScriptedModels { _ in scripts[name] ?? ModelScript(texts: ["x"]) }
        try await models.ollama { generator in
            let error = try await generator.failure(of: try await request(generator))
            #expect(error?.code == code)
            #expect(error?.isRetriable == (code != .contextLengthExceeded))
        }
    }

    @Test("nobody at the address is unavailable, with the next step")
    func nobody() async throws {
        try await ScriptedModels.echo.withHTTP { _, http in
            let generator = OllamaGenerator(client: OllamaClient(baseURL: "http://127.0.0.1:1", http: http))
            let error = await #expect(throws: GeneratorError.self) { try await generator.models() }
            #expect(error?.code == .unavailable)
            #expect(error?.message.contains("ollama serve") == true)
        }
    }

    @Test(
        "a prompt that the server cut is found out by its token count",
        arguments: [
            // The whole prompt has 24,000 bytes, about 8,000 tokens by the estimate, 5,000 to 7,000 in truth.
            (6000, false), (3200, false), (2048, true), (8192, true), (9000, true), (nil, false), (12, false),
        ] as [(Int?, Bool)])
    func truncation(promptTokens: Int?, isCut: Bool) async throws {
        let models = ScriptedModels { _ in ModelScript(texts: ["x"], promptTokens: promptTokens) }
        try await models.ollama { generator in
            var request = try await request(generator)
            let message = ChatMessage(role: .user, content: String(repeating: "let a = b\n  ", count: 2000))
            request.prompt = Prompt(
                messages: [message], question: "?", passages: [], estimatedTokens: 8006)
            let error = try await generator.failure(of: request)
            #expect((error?.code == .contextLengthExceeded) == isCut)
        }
    }

    @Test(
        "a schema arrives as the model needs it, bare or in OpenAI's wrapping; what is none is refused",
        arguments: [
            (#"{"type":"object"}"#, true), (#"{"name":"a","strict":true,"schema":{"type":"object"}}"#, true),
            ("[]", false), ("{", false),
        ])
    func schema(text: String, isSchema: Bool) async throws {
        let models = ScriptedModels { chat in
            #expect(chat.body["format"] == .object(["type": .string("object")]))
            return ModelScript(texts: ["{}"])
        }
        try await models.ollama { generator in
            var request = try await request(generator)
            request.options.responseFormat = .jsonSchema(text)
            let error = try await generator.failure(of: request)
            #expect(error?.code == (isSchema ? nil : .refused))
        }
        #expect(models.statistics.now.requests == (isSchema ? 1 : 0))
    }

    @Test("a prompt that cannot fit is not sent")
    func hopeless() async throws {
        let models = ScriptedModels { _ in ModelScript(texts: ["never"]) }
        try await models.ollama { generator in
            var request = try await request(generator)
            request.prompt = Prompt(messages: [], question: "?", passages: [], estimatedTokens: 8193)
            let error = try await generator.failure(of: request)
            #expect(error?.code == .contextLengthExceeded)
            #expect(error?.isRetriable == false)
        }
        #expect(models.statistics.now.requests == 0)
    }
}
