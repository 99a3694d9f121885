import FoundationEssentials
import Gateway
import HTTPTypes
import Hearth
import HearthTesting
import HummingbirdTesting
import NIOCore
import OpenAI
import Testing

@Suite("Requests that are refused")
struct RequestErrorTests {
    @Test(
        "a wrong value names its field",
        arguments: [
            (#""temperature":"hot""#, "temperature"), (#""temperature":3"#, "temperature"), (#""top_p":2"#, "top_p"),
            (#""top_k":-1"#, "top_k"), (#""n":2"#, "n"), (#""n":"1""#, "n"), (#""n":1.5"#, "n"),
            (#""seed":"x""#, "seed"),
            (#""stream":"yes""#, "stream"), (#""stream_options":[]"#, "stream_options"),
            (#""stream_options":{"include_usage":1}"#, "stream_options.include_usage"), (#""stop":7"#, "stop"),
            (#""stop":["a","b","c","d","e"]"#, "stop"), (#""stop":[1]"#, "stop[0]"), (#""stop":"""#, "stop"),
            (#""max_tokens":0"#, "max_tokens"), (#""max_tokens":"5""#, "max_tokens"),
            (#""max_completion_tokens":-1"#, "max_completion_tokens"), (#""presence_penalty":9"#, "presence_penalty"),
            (#""frequency_penalty":{}"#, "frequency_penalty"), (#""logprobs":true"#, "logprobs"),
            (#""logprobs":"x""#, "logprobs"), (#""top_logprobs":3"#, "top_logprobs"),
            (#""tools":[{"type":"function"}]"#, "tools"), (#""tools":{}"#, "tools"),
            (#""functions":[{}]"#, "functions"),
            (#""user":1"#, "user"), (#""metadata":[]"#, "metadata"), (#""metadata":{"a":1}"#, "metadata.a"),
            (#""store":"x""#, "store"), (#""response_format":"json""#, "response_format"),
            (#""response_format":{}"#, "response_format.type"),
            (#""response_format":{"type":"xml"}"#, "response_format.type"),
            (#""response_format":{"type":"json_schema"}"#, "response_format.json_schema.schema"),
            (#""model":7"#, "model"), (#""messages":7"#, "messages"), (#""messages":[]"#, "messages"),
            (#""messages":[7]"#, "messages[0]"), (#""messages":[{"role":"user"}]"#, "messages[0].content"),
            (#""messages":[{"content":"x"}]"#, "messages[0].role"),
            (#""messages":[{"role":"wizard","content":"x"}]"#, "messages[0].role"),
            (#""messages":[{"role":"tool","content":"x"}]"#, "messages[0].role"),
            (#""messages":[{"role":"user","content":7}]"#, "messages[0].content"),
            (#""messages":[{"role":"user","content":[{"type":"image_url"}]}]"#, "messages[0].content[0].type"),
            (#""messages":[{"role":"user","content":[{"type":"text"}]}]"#, "messages[0].content[0].text"),
            (#""messages":[{"role":"user","content":[{"text":"x"}]}]"#, "messages[0].content[0].type"),
            (#""messages":[{"role":"user","content":"  "}]"#, "messages"),
            (#""messages":[{"role":"assistant","content":"x"}]"#, "messages"), (#""input":"x""#, "messages"),
        ])
    func wrongField(field: String, param: String) async throws {
        try await GatewayFixture().run { gateway in
            let name = field.prefix { $0 != ":" }
            var fields = [#""model":"hearth/demo""#, #""messages":[{"role":"user","content":"why?"}]"#]
            fields.removeAll { $0.hasPrefix(name) || (name == #""input""# && $0.hasPrefix(#""messages""#)) }
            let reply = try await gateway.send(
                .post, "/v1/chat/completions", body: "{" + (fields + [field]).joined(separator: ",") + "}")
            #expect(reply.status == 400, "\(reply.text)")
            #expect(reply.error?.param == param, "\(reply.text)")
            #expect(reply.error?.type == "invalid_request_error" && reply.error?.message.isEmpty == false)
        }
    }

    @Test(
        "a body that is no JSON object is 400",
        arguments: [
            "", "{", "null", "[]", "7", #""x""#, "{\"model\":}", "{\"model\":\"a\"",
            String(repeating: "[", count: 5000),
        ])
    func noObject(body: String) async throws {
        try await GatewayFixture().run { gateway in
            for path in ["/v1/chat/completions", "/v1/embeddings", "/v1/search", "/v1/projects"] {
                let reply = try await gateway.send(.post, path, body: body)
                #expect(reply.status == 400 && reply.error?.type == "invalid_request_error", "\(path) \(reply.text)")
            }
        }
    }

    @Test("invalid UTF-8 is 400")
    func invalidText() async throws {
        try await GatewayFixture().run { gateway in
            let body =
                Data(#"{"model":"hearth/demo","messages":[{"role":"user","content":""#.utf8) + [0xFF, 0xC0]
                + Data(#""}]}"#.utf8)
            let reply = try await gateway.send(.post, "/v1/chat/completions", bytes: body)
            #expect(reply.status == 400 && reply.error != nil)
        }
    }

    @Test(
        "a body above the limit is 413 for clients that close their connection, too",
        arguments: [[:], ["connection": "close"]])
    func tooLarge(headers: [String: String]) async throws {
        var fixture = try GatewayFixture()
        fixture.settings.maximumBodyBytes = 10_000
        try await fixture.run(.live) { gateway in
            let reply = try await gateway.send(
                .post, "/v1/chat/completions", body: String(repeating: "x", count: 3_000_000))
            #expect(reply.status == 413 && reply.error?.code == "body_too_large")
            #expect(try await gateway.get("/healthz").status == 200)
        }
    }

    @Test(
        "an unknown model is 404, says what there is, and names the field",
        arguments: ["hearth/none", "gpt-4o", "", "hearth/../x"])
    func unknownModel(name: String) async throws {
        try await GatewayFixture().run { gateway in
            let reply = try await gateway.chat(model: name)
            #expect(reply.status == 404 && reply.error?.code == "model_not_found" && reply.error?.param == "model")
            #expect(reply.error?.message.contains("hearth/demo") == true)
        }
    }

    @Test("a project without an index is 400 with the next step")
    func notReady() async throws {
        try await GatewayFixture().run { gateway in
            let reply = try await gateway.chat(model: "hearth/empty")
            #expect(reply.status == 400 && reply.error?.code == "project_not_ready")
            #expect(reply.error?.message.contains("hearth ingest") == true)
        }
    }

    @Test("an unknown path is 404 and a wrong method 405, both with the error object")
    func unknownPaths() async throws {
        try await GatewayFixture().run { gateway in
            for path in ["/v1/responses", "/v1/x", "/nothing", "/v1/tasks/a/b/c"] {
                let reply = try await gateway.send(.post, path, body: "{}")
                #expect(reply.status == 404 && reply.error?.code == "unknown_url", "\(path)")
            }
            let reply = try await gateway.get("/v1/chat/completions")
            #expect(reply.status == 405 && reply.error?.code == "method_not_allowed" && reply.header("allow") == "POST")
            #expect(try await gateway.send(.delete, "/v1/models/a/b").status == 405)
            #expect(try await gateway.send(.put, "/v1/sessions/abc").header("allow") == "GET, DELETE")
        }
    }

    @Test(
        "every reply has its id, its time and its version",
        arguments: ["/v1/models", "/v1/none", "/healthz", "/v1/tasks/x"])
    func headers(path: String) async throws {
        try await GatewayFixture().run { gateway in
            let (one, two) = (try await gateway.get(path), try await gateway.get(path))
            #expect(one.header("x-request-id") != nil && one.header("x-request-id") != two.header("x-request-id"))
            #expect(one.header("openai-processing-ms").flatMap { Int($0) } != nil)
            #expect(one.header("openai-version") != nil)
        }
    }

    @Test("too many waiting questions are 429 with an honest wait")
    func queueFull() async throws {
        var fixture = try GatewayFixture()
        fixture.settings.queueLimit = 2
        fixture.workers = 0
        for number in 0..<2 {
            try await fixture.bus.publish([TaskMessage(id: "t\(number)", topic: .answer, payload: Data())])
        }
        try await fixture.run { gateway in
            let reply = try await gateway.chat()
            #expect(reply.status == 429 && reply.error?.code == "queue_full")
            let seconds = try #require(reply.header("retry-after").flatMap { Int($0) })
            #expect((1...120).contains(seconds) && reply.header("retry-after-ms") == "\(seconds * 1000)")
            #expect(reply.header("x-ratelimit-remaining-requests") == "0")
            #expect(reply.header("x-ratelimit-limit-requests") == "2")
            #expect(reply.header("x-ratelimit-reset-requests") == "\(seconds)s")
        }
    }

    @Test("a bus that is away is 503, may be retried, and leaves no queued row")
    func busAway() async throws {
        let fixture = try GatewayFixture()
        try await fixture.run { gateway in
            await fixture.bus.fail(with: TaskBusError(.unreachable, "away"))
            let reply = try await gateway.chat()
            #expect(reply.status == 503 && reply.error?.code == "not_published")
            #expect(reply.header("x-should-retry") == "true" && reply.header("retry-after") != nil)
            let entries = try await fixture.ledger.entries(status: nil, project: nil, before: nil, limit: 9)
            #expect(entries.map(\.status) == [.rejected])
            await fixture.bus.fail(with: nil)
        }
    }

    @Test("a ledger that is away is 503, and nothing was published")
    func ledgerAway() async throws {
        var fixture = try GatewayFixture()
        fixture.workers = 0
        let (ledger, bus) = (fixture.ledger, fixture.bus)
        try await fixture.run { gateway in
            await ledger.fail(with: StoreError(.full, "The disk is full. Make room."))
            let reply = try await gateway.chat()
            #expect(reply.status == 503 && reply.error?.message == "The disk is full. Make room.")
            await ledger.fail(with: nil)
            #expect(try await bus.backlog(of: .answer).ready == 0)
        }
    }
}
