import HearthTesting
import Ollama
import ScriptedModels
import Testing

@Suite("Ollama chat")
struct OllamaChatTests {
    private static let request = OllamaChatRequest(
        model: "scripted", messages: [OllamaMessage(role: "user", content: "Hello 🔥")])

    private func collect(_ client: OllamaClient) async throws -> [OllamaChatReply] {
        var replies: [OllamaChatReply] = []
        for try await reply in try await client.chat(Self.request) { replies.append(reply) }
        return replies
    }

    private func failure(_ script: ModelScript, longestLine: Int = 8 << 20) async throws -> OllamaError {
        let models = ScriptedModels { _ in script }
        return try await models.client(longestLine: longestLine) { client in
            do {
                let replies = try await collect(client)
                throw OllamaError(.refused, "no error but \(replies)")
            } catch let error as OllamaError {
                return error
            }
        }
    }

    @Test("a reply arrives whole, however the server cuts its packets", arguments: [1, 3, 7, 1000])
    func packets(size: Int) async throws {
        var script = ModelScript(
            [.thinking("hm"), .text("Grüße "), .text("日本語 🔥 "), .text("\"\\n\"")], promptTokens: 42)
        script.packetBytes = size
        let models = ScriptedModels { [script] _ in script }
        let replies = try await models.client { try await collect($0) }
        #expect(replies.map(\.text).joined() == "Grüße 日本語 🔥 \"\\n\"")
        #expect(replies.map(\.thinking).joined() == "hm")
        #expect(replies.count(where: { $0.ending != nil }) == 1)
        #expect(
            replies.last?.ending
                == OllamaChatReply.Ending(reason: "stop", promptTokens: 42, writtenTokens: 3))
    }

    @Test("a token count that the server leaves out is absent")
    func cachedPrompt() async throws {
        let models = ScriptedModels { _ in ModelScript([.text("x")], promptTokens: nil) }
        let replies = try await models.client { try await collect($0) }
        #expect(replies.last?.ending?.promptTokens == nil)
    }

    @Test("a line of a megabyte is a line like any other")
    func longLine() async throws {
        let text = String(repeating: "0123456789abcdef", count: 1 << 16)
        let models = ScriptedModels { _ in ModelScript(texts: [text]) }
        let replies = try await models.client { try await collect($0) }
        #expect(replies.map(\.text).joined() == text)
    }

    @Test("half a character of a broken model does not end the reply")
    func brokenUTF8() async throws {
        let line = Array(#"{"message":{"role":"assistant","content":"a"#.utf8) + [0xF0, 0x9F] + Array("b\"}}\n".utf8)
        let models = ScriptedModels { _ in ModelScript([.bytes(line)]) }
        let replies = try await models.client { try await collect($0) }
        #expect(replies.first?.text == "a\u{FFFD}b")
    }

    @Test("all options arrive under options, where Ollama reads them")
    func options() async throws {
        var request = Self.request
        request.options = OllamaOptions(
            contextLength: 4096, maximumTokens: 50, temperature: 0, seed: 7, topP: 0.5, topK: 1, stop: ["END"],
            presencePenalty: 0.1, frequencyPenalty: 0.2, threads: 2)
        request.keepAliveSeconds = -1
        request.format = .schema(#"{"type":"object","properties":{"zebra":{},"ant":{}}}"#)
        let sent = TestSignal()
        let models = ScriptedModels { chat in
            let options = chat.body["options"]?.object ?? [:]
            let expected: [String: JSON] = [
                "num_ctx": .number(4096), "num_predict": .number(50), "temperature": .number(0), "seed": .number(7),
                "top_p": .number(0.5), "top_k": .number(1), "stop": .array([.string("END")]),
                "presence_penalty": .number(0.1), "frequency_penalty": .number(0.2), "num_thread": .number(2),
            ]
            #expect(options == expected)
            #expect(chat.body["keep_alive"] == .number(-1))
            #expect(chat.body["truncate"] == .bool(false))
            #expect(chat.body["format"]?["properties"]?.object?.count == 2)
            sent.fire()
            return ModelScript(texts: ["ok"])
        }
        try await models.client { [request] client in
            for try await _ in try await client.chat(request) {}
        }
        #expect(sent.count == 1)
    }

    @Test("a schema that is no JSON object is refused before it is sent", arguments: ["", "[]", "{", "\"json\""])
    func badSchema(schema: String) async throws {
        let models = ScriptedModels { _ in ModelScript(texts: ["never"]) }
        try await models.client { client in
            var request = Self.request
            request.format = .schema(schema)
            let bad = request
            await #expect(throws: OllamaError.self) { _ = try await client.chat(bad) }
        }
        #expect(models.statistics.now.requests == 0)
    }

    @Test("an error in the middle ends the reply with the server's words")
    func errorLine() async throws {
        let error = try await failure(ModelScript([.text("half"), .error("llama runner terminated")]))
        #expect(error.code == .serverFailed)
        #expect(error.message.contains("llama runner terminated"))
        #expect(error.isRetriable)
    }

    @Test("a reply that ends without its last line was interrupted")
    func noEnding() async throws {
        let error = try await failure(ModelScript([.text("half")], finishReason: nil))
        #expect(error.code == .interrupted)
        #expect(error.isRetriable)
    }

    @Test("a connection that breaks is an interruption")
    func brokenConnection() async throws {
        let error = try await failure(ModelScript([.text("half"), .breakOff]))
        #expect(error.code == .interrupted)
    }

    @Test("what is no JSON, or no chat, is malformed", arguments: ["<html>", "{}", "[1]", #"{"message":7}"#])
    func malformed(line: String) async throws {
        let error = try await failure(ModelScript([.bytes(Array("\(line)\n".utf8))]))
        #expect(error.code == .malformedReply)
    }

    @Test("a line over the limit is malformed, not an allocation")
    func endlessLine() async throws {
        let bytes = Array(repeating: UInt8(ascii: "x"), count: 300_000)
        let error = try await failure(ModelScript([.bytes(bytes)]), longestLine: 100_000)
        #expect(error.code == .malformedReply)
    }

    @Test(
        "a refusal says what it is",
        arguments: [
            (503, #"{"error":"server busy, please try again.  maximum pending requests exceeded"}"#, "busy", true),
            (404, #"{"error":"model 'x' not found"}"#, "modelNotFound", false),
            (404, "404 page not found", "refused", false),
            (400, #"{"error":"the input length exceeds the context length"}"#, "contextLengthExceeded", false),
            (400, #"{"error":"\"x\" does not support chat"}"#, "refused", false),
            (500, #"{"error":"model requires more system memory"}"#, "serverFailed", true),
            (502, "bad gateway", "unreachable", true),
        ])
    func refusals(status: Int, body: String, code: String, isRetriable: Bool) async throws {
        let error = try await failure(.refusing(status, body))
        #expect(error.code.rawValue == code)
        #expect(error.isRetriable == isRetriable)
        #expect(error.status == status)
    }

    @Test("a reader that is cancelled closes the connection")
    func cancellation() async throws {
        let models = ScriptedModels { _ in ModelScript([.text("one"), .hang]) }
        try await models.client { client in
            let first = TestSignal()
            let reader = Task {
                for try await _ in try await client.chat(Self.request) { first.fire() }
            }
            try await first.wait()
            reader.cancel()
            await #expect(throws: CancellationError.self) { try await reader.value }
            while models.statistics.now.abandoned == 0 { await Task.yield() }
        }
        #expect(models.statistics.now.active == 0)
    }

    @Test("a reader that breaks out of its loop closes the connection")
    func breakingOut() async throws {
        let models = ScriptedModels { _ in ModelScript([.text("one"), .hang]) }
        try await models.client { client in
            for try await _ in try await client.chat(Self.request) { break }
            while models.statistics.now.abandoned == 0 { await Task.yield() }
        }
        #expect(models.statistics.now.active == 0)
    }

    @Test("a server writes no further ahead than the sockets hold")
    func backPressure() async throws {
        let piece = String(repeating: "x", count: 1 << 16)
        let total = 4000
        let models = ScriptedModels { _ in ModelScript(texts: Array(repeating: piece, count: total)) }
        try await models.client { client in
            var iterator = try await client.chat(Self.request).makeAsyncIterator()
            _ = try await iterator.next()
            // The server has stopped when its count stands still for a while, or it has run through.
            let clock = ContinuousClock()
            var (steps, since) = (0, clock.now)
            while steps < total, clock.now - since < .milliseconds(300) {
                let now = models.statistics.now.steps
                if now != steps { (steps, since) = (now, clock.now) }
                await Task.yield()
            }
            // A receive buffer grows to 32 MB on some systems.
            #expect(steps < total / 2)
        }
    }
}
