import FoundationEssentials
import Gateway
import HTTPTypes
import Hearth
import HearthTesting
import OpenAI
import Testing

@Suite("Other routes")
struct RouteTests {
    private func list(_ value: JSONValue?) -> [JSONValue] {
        guard case .array(let values)? = value else { return [] }
        return values
    }

    @Test("projects and generator models are models; ids with slashes are found, plain and escaped")
    func models() async throws {
        try await GatewayFixture().run { gateway in
            let models = try JSONDecoder().decode(ModelList.self, from: try await gateway.get("/v1/models").body)
            #expect(models.object == "list" && models.data.map(\.id) == ["hearth/demo", "hearth/empty", "scripted"])
            #expect(models.data[0].created == 1_700_000_000 && models.data[0].ownedBy == "hearth")
            for path in ["hearth/demo", "hearth%2Fdemo", "hearth%2fdemo", "scripted"] {
                let reply = try await gateway.get("/v1/models/\(path)")
                #expect(reply.status == 200 && reply.json["object"]?.text == "model", "\(path)")
            }
            #expect(try await gateway.get("/v1/models/hearth/none").error?.code == "model_not_found")
            #expect(try await gateway.get("/v1/models/llama3.1:8b").status == 404)
        }
    }

    @Test("base64 and float are the same vectors, in order")
    func embeddings() async throws {
        try await GatewayFixture().run { gateway in
            func embed(_ format: String) async throws -> EmbeddingList {
                let body = #"{"model":"hashed-words","input":["one two","three","one"]\#(format)}"#
                let reply = try await gateway.send(.post, "/v1/embeddings", body: body)
                return try JSONDecoder().decode(EmbeddingList.self, from: reply.body)
            }
            let (plain, packed) = (try await embed(""), try await embed(#","encoding_format":"base64""#))
            #expect(
                plain.object == "list" && plain.data.map(\.index) == [0, 1, 2] && packed.data.map(\.index) == [0, 1, 2])
            #expect(plain.usage.promptTokens == 4)
            for (left, right) in zip(plain.data, packed.data) {
                let (one, two) = (try #require(left.embedding.numbers), try #require(right.embedding.numbers))
                #expect(one.count == 64 && zip(one, two).allSatisfy { abs($0 - $1) < 1e-6 })
            }
            #expect(try await embed(#","dimensions":64"#).data.count == 3)
        }
    }

    @Test(
        "what cannot be embedded is 400 with its field, never an empty list",
        arguments: [
            (#""input":[1,2,3]"#, "input"), (#""input":[[1],[2]]"#, "input"), (#""input":[]"#, "input"),
            (#""input":"""#, "input"),
            (#""input":["a",""]"#, "input[1]"), (#""input":7"#, "input"), (#""input":["a",7]"#, "input[1]"),
            (#""input":null"#, "input"),
            (#""input":"a","dimensions":32"#, "dimensions"), (#""input":"a","dimensions":"x""#, "dimensions"),
            (#""input":"a","encoding_format":"hex""#, "encoding_format"), (#""input":"a","user":1"#, "user"),
            ("\"x\":1", "input"),
        ])
    func noEmbedding(fields: String, param: String) async throws {
        try await GatewayFixture().run { gateway in
            let reply = try await gateway.send(.post, "/v1/embeddings", body: #"{"model":"hashed-words",\#(fields)}"#)
            #expect(reply.status == 400 && reply.error?.param == param, "\(reply.text)")
        }
    }

    @Test("2048 texts are embedded at once, more are refused, and so is a text that is too long")
    func embeddingLimits() async throws {
        try await GatewayFixture().run { gateway in
            func post(_ texts: [String]) async throws -> TestGateway.Reply {
                let input = texts.map { "\"\($0)\"" }.joined(separator: ",")
                return try await gateway.send(
                    .post, "/v1/embeddings", body: #"{"model":"hashed-words","input":[\#(input)]}"#)
            }
            let many = try await post((0..<2048).map { "text \($0)" })
            #expect(try JSONDecoder().decode(EmbeddingList.self, from: many.body).data.count == 2048)
            #expect(try await post([String](repeating: "a", count: 2049)).error?.param == "input")
            let long = try await post(["a", String(repeating: "word ", count: 300)])
            #expect(
                long.status == 400 && long.error?.code == "context_length_exceeded" && long.error?.param == "input[1]")
            let model = try await gateway.send(.post, "/v1/embeddings", body: #"{"model":"none","input":"a"}"#)
            #expect(model.status == 404 && model.error?.code == "model_not_found")
        }
    }

    @Test("a search gives passages with places, text and the parts of the score")
    func search() async throws {
        try await GatewayFixture().run { gateway in
            let reply = try await gateway.send(
                .post, "/v1/search", body: #"{"project":"demo","query":"retry backoff"}"#)
            let first = try #require(list(reply.json["data"]).first)
            #expect(first["path"]?.text == "Sources/retry.swift" && first["symbol"]?.text == "retry()")
            #expect(first["start_line"] == .integer(10) && first["text"]?.text?.contains("backoff") == true)
            #expect(first["score_parts"]?["bm25Rank"] != nil)
            let narrow = try await gateway.send(
                .post, "/v1/search",
                body: #"{"project":"hearth/demo","query":"retry","languages":["markdown"],"limit":1}"#)
            #expect(list(narrow.json["data"]).map { $0["path"]?.text } == ["docs/mail ü.md"])
            for (body, param) in [
                (#"{"project":"demo"}"#, "query"), (#"{"query":"x"}"#, "project"),
                (#"{"project":"demo","query":" "}"#, "query"),
                (#"{"project":"demo","query":"x","limit":0}"#, "limit"),
                (#"{"project":"demo","query":"x","limit":"a"}"#, "limit"),
                (#"{"project":"demo","query":"x","path_prefix":1}"#, "path_prefix"),
                (#"{"project":"empty","query":"x"}"#, "project"),
            ] {
                let wrong = try await gateway.send(.post, "/v1/search", body: body)
                #expect(wrong.status == 400 && wrong.error?.param == param, "\(wrong.text)")
            }
            #expect(try await gateway.send(.post, "/v1/search", body: #"{"project":"none","query":"x"}"#).status == 404)
        }
    }

    @Test("projects are made, shown, and deleted with what belongs to them")
    func projects() async throws {
        let fixture = try GatewayFixture()
        try await fixture.run { gateway in
            #expect(
                list(try await gateway.get("/v1/projects").json["data"]).map { $0["id"]?.text } == ["demo", "empty"])
            let made = try await gateway.send(
                .post, "/v1/projects",
                body: #"{"id":"new","source":"/code/new","settings":{"ignore":["*.md"],"passage_limit":5}}"#)
            #expect(made.status == 201 && made.json["model"]?.text == "hearth/new")
            let id = try #require(ProjectID(rawValue: "new"))
            #expect(try await fixture.timeline.project(id)?.settings.passageLimit == 5)
            #expect(try await gateway.get("/v1/projects/demo").json["passages"] == .integer(2))
            for (body, param) in [
                (#"{"id":"Bad Name","source":"/x"}"#, "id"), (#"{"id":"x","source":"relative"}"#, "source"),
                (#"{"id":"x"}"#, "source"),
                (#"{"id":"x","source":"/x","settings":{"passage_limit":0}}"#, "settings.passage_limit"),
                (#"{"id":"x","source":"/x","settings":{"ignore":"a"}}"#, "settings.ignore"),
            ] {
                let wrong = try await gateway.send(.post, "/v1/projects", body: body)
                #expect(wrong.status == 400 && wrong.error?.param == param, "\(wrong.text)")
            }
            let other = try await gateway.send(.post, "/v1/projects", body: #"{"id":"new","source":"/else"}"#)
            #expect(other.status == 409 && other.header("x-should-retry") == "false")
            #expect(try await gateway.send(.post, "/v1/projects/new/ingest").status == 501)
            #expect(try await gateway.send(.delete, "/v1/projects/demo").json["deleted"] == .bool(true))
            #expect(try await gateway.get("/v1/projects/demo").status == 404)
            #expect(try await fixture.index.active(of: fixture.demo) == nil)
        }
    }

    @Test("a conversation is one session, however its client tells")
    func sessions() async throws {
        let fixture = try GatewayFixture()
        try await fixture.run { gateway in
            let first = try await gateway.chat("one?")
            let session = try #require(first.header("x-hearth-session"))
            let again = try await gateway.send(
                .post, "/v1/chat/completions",
                body:
                    #"{"model":"hearth/demo","messages":[{"role":"system","content":"now it is 9"},{"role":"user","content":"one?"},{"role":"assistant","content":"The backoff is in `retry` [1]."},{"role":"user","content":"two?"}]}"#
            )
            #expect(again.header("x-hearth-session") == session)
            #expect(
                try await gateway.chat("three?", headers: ["x-hearth-session": session]).header("x-hearth-session")
                    == session)
            let byMetadata = try await gateway.chat("four?", #""metadata":{"session_id":"\#(session)"}"#)
            #expect(byMetadata.header("x-hearth-session") == session)
            #expect(try await gateway.chat("one?").header("x-hearth-session") != session)

            let messages = list(try await gateway.get("/v1/sessions/\(session)/timeline").json["data"])
            #expect(
                messages.map { $0["role"]?.text } == [
                    "user", "assistant", "user", "assistant", "user", "assistant", "user", "assistant",
                ])
            #expect(messages[1]["provenance"]?["promptHash"]?.text?.isEmpty == false)
            #expect(list(try await gateway.get("/v1/sessions?project=demo").json["data"]).count == 2)
            #expect(try await gateway.send(.delete, "/v1/sessions/\(session)").json["deleted"] == .bool(true))
            #expect(try await gateway.get("/v1/sessions/\(session)/timeline").error?.code == "session_not_found")
        }
    }

    @Test("a session is not reached through another project, and an id that is none is 400")
    func foreignSession() async throws {
        try await GatewayFixture().run { gateway in
            let session = try #require(try await gateway.chat().header("x-hearth-session"))
            let foreign = try await gateway.chat(model: "scripted", headers: ["x-hearth-session": session])
            #expect(foreign.status == 400 && foreign.error?.param == "x-hearth-session")
            let wrong = try await gateway.chat("why?", #""metadata":{"session_id":"../etc"}"#)
            #expect(wrong.status == 400 && wrong.error?.param == "metadata.session_id")
        }
    }

    @Test("health, readiness and metrics")
    func health() async throws {
        let fixture = try GatewayFixture()
        try await fixture.run { gateway in
            _ = try await gateway.chat("why?", #""stream":true"#)
            #expect(try await gateway.get("/healthz").status == 200)
            #expect(try await gateway.get("/readyz").status == 200)
            let metrics = try await gateway.get("/metrics").text
            #expect(metrics.contains(#"hearth_answers_total{outcome="completed"} 1"#))
            #expect(
                metrics.contains(
                    #"hearth_http_requests_total{method="POST",route="/v1/chat/completions",status="200"} 1"#))
            #expect(metrics.contains("hearth_time_to_first_token_seconds_count 1"))
            #expect(metrics.contains(#"hearth_tasks_ready{topic="answer"} 0"#))
            await fixture.ledger.fail(with: StoreError(.unreachable, "gone"))
            let reply = try await gateway.get("/readyz")
            #expect(reply.status == 503 && reply.text.contains("gone"))
            #expect(try await gateway.get("/healthz").status == 200)
            await fixture.ledger.fail(with: nil)
        }
    }

    @Test("the page is one document without foreign parts")
    func page() async throws {
        try await GatewayFixture().run { gateway in
            let reply = try await gateway.get("/")
            #expect(reply.header("content-type") == "text/html; charset=utf-8")
            #expect(
                !reply.text.contains("http://") && !reply.text.contains("https://") && !reply.text.contains("innerHTML")
            )
            let policy = try #require(reply.header("content-security-policy"))
            let nonce = try #require(policy.split(separator: "'nonce-").last?.prefix { $0 != "'" })
            #expect(reply.text.contains("<script nonce=\"\(nonce)\">"))
            #expect(try await gateway.send(.head, "/").status == 200)
        }
    }
}
