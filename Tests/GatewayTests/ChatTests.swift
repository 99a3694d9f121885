import FoundationEssentials
import HTTPTypes
import Hearth
import HearthTesting
import OpenAI
import Testing

@Suite("Chat completions")
struct ChatTests {
    @Test("a whole answer has the shape of a completion, with citations and their sources")
    func whole() async throws {
        try await GatewayFixture().run { gateway in
            let reply = try await gateway.chat()
            #expect(reply.status == 200)
            let completion = try JSONDecoder().decode(ChatCompletion.self, from: reply.body)
            #expect(completion.object == "chat.completion" && completion.model == "hearth/demo")
            let id = try #require(reply.header("x-correlation-id"))
            #expect(completion.id == "chatcmpl-\(id)")
            let choice = try #require(completion.choices.first)
            #expect(completion.choices.count == 1 && choice.finishReason == "stop")
            #expect(choice.message.content == "The backoff is in `retry` [1].")
            let usage = try #require(completion.usage)
            #expect(usage.promptTokens > 0 && usage.totalTokens == usage.promptTokens + usage.completionTokens)
            #expect(completion.systemFingerprint?.hasPrefix("hearth_") == true)

            let citation = try #require(choice.message.annotations.first?.urlCitation)
            #expect(citation.url == "hearth://demo/Sources/retry.swift?version=v1#L10-L12")
            #expect(citation.startIndex == 26 && citation.endIndex == 29)
            let hearth = try #require(reply.json["hearth"])
            #expect(hearth["correlation_id"]?.text == id && hearth["project"]?.text == "demo")
            #expect(hearth["session_id"]?.text == reply.header("x-hearth-session"))
            guard case .array(let places)? = hearth["citations"] else {
                Issue.record("no citations")
                return
            }
            #expect(places.first?["path"]?.text == "Sources/retry.swift")
            #expect(places.first?["start_line"] == .integer(10) && places.first?["hash"]?.text == "hash-swift")
        }
    }

    @Test("a stream begins with the role, ends with one finish reason and [DONE], and all chunks agree")
    func streamed() async throws {
        try await GatewayFixture().run { gateway in
            let reply = try await gateway.chat("why?", #""stream":true"#)
            #expect(reply.header("content-type") == "text/event-stream")
            #expect(reply.header("cache-control") == "no-cache" && reply.header("x-accel-buffering") == "no")
            #expect(reply.header("content-encoding") == nil)
            let chunks = reply.chunks
            #expect(chunks.first?.choices.first?.delta.role == "assistant")
            #expect(reply.streamedText == "The backoff is in `retry` [1].")
            #expect(chunks.compactMap { $0.choices.first?.finishReason } == ["stop"])
            #expect(chunks.last?.choices.first?.delta.annotations?.count == 1)
            #expect(Set(chunks.map(\.id)).count == 1 && Set(chunks.map(\.created)).count == 1)
            #expect(chunks.allSatisfy { $0.usage == nil })
            #expect(!reply.text.contains(#""usage""#))
            #expect(reply.data.last == "[DONE]")
        }
    }

    @Test("only data lines and comments are written: no id, no event, no retry")
    func linesOfAStream() async throws {
        try await GatewayFixture().run { gateway in
            let reply = try await gateway.chat("why?", #""stream":true"#)
            let lines = reply.text.split(separator: "\n", omittingEmptySubsequences: true)
            #expect(lines.allSatisfy { $0.hasPrefix("data: ") || ($0.hasPrefix(": ") && !$0.hasPrefix(": ping")) })
        }
    }

    @Test("with include_usage one chunk without choices carries the usage, the others carry null")
    func usage() async throws {
        try await GatewayFixture().run { gateway in
            let reply = try await gateway.chat("why?", #""stream":true,"stream_options":{"include_usage":true}"#)
            let usages = reply.chunks.filter { $0.usage != nil }
            #expect(usages.count == 1 && usages.first?.choices.isEmpty == true)
            #expect(reply.chunks.last?.usage != nil)
            let others = reply.data.dropLast().filter { !$0.contains("prompt_tokens") }
            #expect(others.allSatisfy { $0.contains(#""usage":null"#) })
        }
    }

    @Test("text of every kind arrives as it was written")
    func text() async throws {
        let pieces = [
            "Grüße 🔥", "日本", "語 👩‍👩‍👧", "\u{2028}\u{2029}\u{85}", "a\r\nb\u{0}\u{1F}\"\\",
            String(repeating: "x", count: 100_000),
        ]
        try await GatewayFixture(ScriptedGenerator(pieces)).run { gateway in
            let reply = try await gateway.chat("why?", #""stream":true"#)
            #expect(Array(reply.streamedText.unicodeScalars) == Array(pieces.joined().unicodeScalars))
            #expect(!reply.text.unicodeScalars.contains { ["\u{2028}", "\u{2029}", "\u{85}", "\r"].contains($0) })
        }
    }

    @Test("a failure in the middle of a stream is its last line, without [DONE]")
    func failureInAStream() async throws {
        let generator = ScriptedGenerator { _ in
            [.text("half"), .fail(GeneratorError(.refused, "The model will not do this."))]
        }
        try await GatewayFixture(generator).run { gateway in
            let reply = try await gateway.chat("why?", #""stream":true"#)
            #expect(reply.status == 200 && reply.streamedText == "half")
            let last = try #require(reply.data.last)
            let error = try JSONDecoder().decode(ErrorReply.self, from: Data(last.utf8)).error
            #expect(error.code == "generator_refused" && error.message == "The model will not do this.")
        }
    }

    @Test(
        "a failure of a whole answer has a status, and is never posted again by an SDK",
        arguments: [
            (GeneratorError.Code.contextLengthExceeded, 400, "context_length_exceeded"),
            (.refused, 400, "generator_refused"),
            (.modelNotFound, 404, "model_not_found"),
        ])
    func failureOfAWhole(code: GeneratorError.Code, status: Int, name: String) async throws {
        let generator = ScriptedGenerator { _ in [.fail(GeneratorError(code, "No."))] }
        try await GatewayFixture(generator).run { gateway in
            let reply = try await gateway.chat()
            #expect(reply.status == status && reply.error?.code == name)
            #expect(reply.header("x-should-retry") == "false" && reply.header("x-correlation-id") != nil)
        }
    }

    @Test("an answer that starts anew says so on the stream, and a whole one has the new text only")
    func restarted() async throws {
        // The first attempt breaks off; its model cannot continue.
        let attempts = TestSignal()
        let generator = ScriptedGenerator(continuation: .none) { _ in
            attempts.fire()
            return attempts.count.isMultiple(of: 2) ? [.text("new text")] : [.text("old"), .breakOff]
        }
        try await GatewayFixture(generator).run { gateway in
            let reply = try await gateway.chat("why?", #""stream":true"#)
            #expect(reply.streamedText.hasPrefix("old\n\n---\n\n") && reply.streamedText.hasSuffix("new text"))
            #expect(reply.data.contains { $0.contains(#""hearth":{"restarted":true}"#) })
            #expect(reply.data.last == "[DONE]")
            let whole = try JSONDecoder().decode(ChatCompletion.self, from: try await gateway.chat().body)
            #expect(whole.choices.first?.message.content == "new text")
        }
    }

    @Test("a plain model is asked under its own name, without a project")
    func plainModel() async throws {
        let fixture = try GatewayFixture()
        try await fixture.run { gateway in
            let reply = try await gateway.chat(model: "scripted")
            #expect(reply.status == 200)
            #expect(fixture.generator.requests.last?.prompt.passages.isEmpty == true)
        }
    }

    @Test("options, developer messages and parts reach the generator; unknown fields are ignored")
    func options() async throws {
        let fixture = try GatewayFixture()
        try await fixture.run { gateway in
            let body = #"""
                {"model":"scripted","temperature":0.5,"top_p":0.9,"seed":7,"max_completion_tokens":50,"stop":"END",
                 "response_format":{"type":"json_schema","json_schema":{"name":"a","schema":{"z":1, "a":{"b":[]}}}},
                 "user":"me","store":true,"parallel_tool_calls":true,"tools":[],"tool_choice":"auto","zzz":[1],
                 "messages":[{"role":"developer","content":"Be brief."},
                 {"role":"user","content":[{"type":"text","text":"one"},{"type":"text","text":"two"}]}]}
                """#
            let reply = try await gateway.send(.post, "/v1/chat/completions", body: body)
            #expect(reply.status == 200, "\(reply.text)")
            let request = try #require(fixture.generator.requests.last)
            #expect(request.options.temperature == 0.5 && request.options.seed == 7 && request.options.stop == ["END"])
            #expect(request.options.maximumTokens == 50)
            #expect(request.options.responseFormat == .jsonSchema(#"{"z":1, "a":{"b":[]}}"#))
            #expect(request.prompt.question == "one\ntwo")
            #expect(request.prompt.messages.contains { $0.role == .system && $0.content.contains("Be brief.") })
        }
    }

    @Test("a search can be narrowed by the field 'hearth'")
    func filter() async throws {
        let fixture = try GatewayFixture()
        try await fixture.run { gateway in
            _ = try await gateway.chat("mail", #""hearth":{"path_prefix":"docs/","languages":["markdown"]}"#)
            #expect(fixture.generator.requests.last?.prompt.passages.map(\.path) == ["docs/mail ü.md"])
            let wrong = try await gateway.chat("mail", #""hearth":{"languages":"swift"}"#)
            #expect(wrong.status == 400 && wrong.error?.param == "hearth.languages")
        }
    }

    @Test("a context can be wished for, is never more than the model's, and the answer tells which it was")
    func contextLength() async throws {
        let fixture = try GatewayFixture(ScriptedGenerator(contextLength: 8192) { _ in [.text("yes")] })
        try await fixture.run { gateway in
            for (wish, given) in [(nil, 8192), (4096, 4096), (100_000, 8192)] as [(Int?, Int)] {
                let reply = try await gateway.chat("mail", wish.map { #""hearth":{"context_length":\#($0)}"# } ?? "")
                #expect(reply.json["hearth"]?["context_length"] == .integer(given))
                let request = try #require(fixture.generator.requests.last)
                #expect(request.model.contextLength == given && request.options.contextLength == wish)
            }
            let small = try await gateway.chat("mail", #""hearth":{"context_length":511}"#)
            #expect(small.status == 400 && small.error?.param == "hearth.context_length")
        }
    }
}
