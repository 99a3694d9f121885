import Backends
import Hearth
import HearthTesting
import ScriptedModels
import Testing

@Suite("OpenAI generator")
struct GeneratorOpenAITests {
    private func request(_ generator: any Generator) async throws -> GenerationRequest {
        try await GeneratorConformance(generator).request()
    }

    private func failure(_ script: ModelScript) async throws -> GeneratorError? {
        let models = ScriptedModels { _ in script }
        return try await models.openAI { generator in
            try await generator.failure(of: try await request(generator))
        }
    }

    @Test("text arrives whole, however the server cuts its packets", arguments: [1, 5, 1000])
    func packets(size: Int) async throws {
        var script = ModelScript([.thinking("hm"), .text("Grüße "), .text("日本語 🔥")], promptTokens: 42)
        script.packetBytes = size
        let models = ScriptedModels { [script] _ in script }
        try await models.openAI { generator in
            var events: [GenerationEvent] = []
            for try await event in try await generator.generate(try await request(generator)) { events.append(event) }
            #expect(
                events == [
                    .text("Grüße "), .text("日本語 🔥"), .finished(.stop, TokenUsage(prompt: 42, completion: 2)),
                ])
        }
    }

    @Test("the context is what the server tells, else what is configured")
    func contextLength() async throws {
        let models = ScriptedModels(
            models: [.init("big", contextLength: 32_768), .init("silent", contextLength: nil)]
        ) { _ in ModelScript(texts: ["x"]) }
        try await models.openAI { generator in
            let offered = try await generator.models()
            #expect(offered.map(\.contextLength) == [32_768, 8192])
            #expect(offered.allSatisfy { $0.continuation == .none && $0.provider == "openai" })
        }
    }

    @Test("the options arrive, a schema in the shape that the API wants")
    func requestShape() async throws {
        let models = ScriptedModels { chat in
            #expect(chat.body["max_tokens"]?.number == 50)
            #expect(chat.body["seed"]?.number == 7)
            #expect(chat.body["temperature"]?.number == 0)
            #expect(chat.body["stream_options"] == .object(["include_usage": .bool(true)]))
            #expect(chat.body["response_format"]?["json_schema"]?["schema"]?["type"] == .string("object"))
            #expect(chat.body["continue_final_message"] == nil)
            return ModelScript(texts: ["{}"])
        }
        try await models.openAI { generator in
            var request = try await request(generator)
            request.options.maximumTokens = 50
            request.options.responseFormat = .jsonSchema(#"{"type":"object"}"#)
            #expect(try await GeneratorConformance(generator).text(of: request) == "{}")
        }
        #expect(models.statistics.now.requests == 1)
    }

    @Test("an API key is sent; a wrong one is refused with the next step")
    func apiKey() async throws {
        var models = ScriptedModels { _ in ModelScript(texts: ["a", "b", "c"]) }
        models.apiKey = "secret"
        try await models.openAI(apiKey: "secret") { try await GeneratorConformance($0).endsWithOneFinish() }
        try await models.openAI(apiKey: "wrong") { generator in
            let error = await #expect(throws: GeneratorError.self) { try await generator.models() }
            #expect(error?.code == .refused)
            #expect(error?.message.contains("wrong") == false)
        }
    }

    @Test("a configured model that is not served is an error that names those that are")
    func missingModel() async throws {
        try await ScriptedModels.echo.openAI(model: "gpt-x") { generator in
            let error = await #expect(throws: GeneratorError.self) { try await generator.defaultModel() }
            #expect(error?.code == .modelNotFound)
            #expect(error?.message.contains("scripted:latest") == true)
        }
    }

    @Test(
        "errors of all shapes are understood",
        arguments: [
            (400, #"{"error":{"message":"This model's maximum context length is 10 tokens.","code":400}}"#, "context"),
            (400, #"{"object":"error","message":"the model's context length is only 10","code":400}"#, "context"),
            (400, #"{"error":{"message":"too long","code":"context_length_exceeded"}}"#, "context"),
            (400, #"{"error":{"message":"too long","type":"exceed_context_size_error"}}"#, "context"),
            (400, #"{"error":"stop is bad"}"#, "refused"), (422, #"{"detail":[{"loc":["body"]}]}"#, "refused"),
            (404, #"{"error":{"message":"The model `x` does not exist."}}"#, "model"), (404, "not found", "refused"),
            (429, "", "overloaded"), (503, #"{"error":{"message":"queue is full"}}"#, "overloaded"),
            (500, "<html>", "unavailable"), (502, "", "unavailable"),
        ])
    func refusals(status: Int, body: String, kind: String) async throws {
        let codes: [String: GeneratorError.Code] = [
            "context": .contextLengthExceeded, "refused": .refused, "model": .modelNotFound,
            "overloaded": .overloaded, "unavailable": .unavailable,
        ]
        let error = try await failure(.refusing(status, body))
        #expect(error?.code == codes[kind])
    }

    @Test("an error in the middle, a cut and a broken connection are retriable")
    func midStream() async throws {
        for script in [
            ModelScript([.text("a"), .error("engine died")]), ModelScript([.text("a")], finishReason: nil),
            ModelScript([.text("a"), .breakOff]),
        ] {
            let error = try await failure(script)
            #expect(error?.code == .unavailable)
            #expect(error?.isRetriable == true)
        }
        let garbage = try await failure(ModelScript([.bytes(Array("data: <html>\n\n".utf8))]))
        #expect(garbage?.code == .malformedReply)
    }

    @Test("a reply without [DONE] is complete if it gave a finish reason")
    func withoutDone() async throws {
        let chunk = #"data: {"choices":[{"delta":{"content":"x"},"finish_reason":"length"}]}"# + "\n\n"
        let models = ScriptedModels { _ in ModelScript([.bytes(Array(chunk.utf8))], finishReason: nil) }
        try await models.openAI { generator in
            var events: [GenerationEvent] = []
            for try await event in try await generator.generate(try await request(generator)) { events.append(event) }
            #expect(events == [.text("x"), .finished(.length, TokenUsage())])
        }
    }

    @Test("a beginning is refused where the server is not known to continue")
    func noPrefill() async throws {
        try await ScriptedModels.echo.openAI { generator in
            var request = try await request(generator)
            request.prefix = "The "
            #expect(try await generator.failure(of: request)?.code == .refused)
        }
    }
}
