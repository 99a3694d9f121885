import FoundationEssentials
import Gateway
import HTTPTypes
import Hearth
import HearthTesting
import HummingbirdTesting
import OpenAI
import Testing

@Suite("Who may ask")
struct DoorTests {
    private func withKeys(_ body: (KeyRing) async throws -> Void) async throws {
        let path = FileManager.default.temporaryDirectory.path() + "/keys-\(CorrelationID.next()).json"
        defer { try? FileManager.default.removeItem(atPath: path) }
        try await body(KeyRing(path: path))
    }

    @Test("with keys, a request without a valid one is 401 in the shape of the API")
    func unauthorized() async throws {
        try await withKeys { ring in
            let key = try ring.create(name: "me")
            var fixture = try GatewayFixture()
            fixture.keys = ring
            try await fixture.run { gateway in
                for headers in [
                    [:], ["authorization": "Bearer hk_wrong"], ["authorization": "Basic \(key)"], ["x-api-key": ""],
                ] {
                    let reply = try await gateway.get("/v1/models", headers: headers)
                    #expect(reply.status == 401 && reply.error?.code == "invalid_api_key", "\(headers)")
                    #expect(reply.error?.type == "invalid_request_error" && reply.text.contains(#""param":null"#))
                    #expect(reply.header("x-request-id") != nil)
                }
                #expect(try await gateway.get("/v1/none").status == 401)
                #expect(try await gateway.get("/metrics").status == 401)
                for headers in [
                    ["authorization": "Bearer \(key)"], ["authorization": "bearer \(key)"], ["x-api-key": key],
                ] {
                    #expect(try await gateway.get("/v1/models", headers: headers).status == 200)
                }
                #expect(try await gateway.get("/healthz").status == 200)
                #expect(try await gateway.get("/").status == 200)
                try ring.revoke(name: "me")
                _ = try ring.create(name: "other")
                #expect(try await gateway.get("/v1/models", headers: ["x-api-key": key]).status == 401)
            }
        }
    }

    @Test("a key for one project sees only this one, and its own questions only")
    func limited() async throws {
        try await withKeys { ring in
            var fixture = try GatewayFixture()
            fixture.keys = ring
            let (demo, all) = (
                try ring.create(name: "demo-only", projects: [fixture.demo]), try ring.create(name: "all")
            )
            let empty = try ring.create(name: "empty-only", projects: Set([try #require(ProjectID(rawValue: "empty"))]))
            try await fixture.run { gateway in
                let models = try await gateway.get("/v1/models", headers: ["x-api-key": demo])
                #expect(try JSONDecoder().decode(ModelList.self, from: models.body).data.map(\.id) == ["hearth/demo"])
                let mine = try await gateway.chat(headers: ["x-api-key": demo])
                #expect(mine.status == 200)
                #expect(try await gateway.chat(model: "hearth/empty", headers: ["x-api-key": demo]).status == 404)
                #expect(try await gateway.chat(model: "scripted", headers: ["x-api-key": demo]).status == 404)

                let id = try #require(mine.header("x-correlation-id"))
                let session = try #require(mine.header("x-hearth-session"))
                for path in [
                    "/v1/tasks/\(id)", "/v1/tasks/\(id)/events", "/v1/sessions/\(session)/timeline",
                    "/v1/projects/demo",
                ] {
                    #expect(try await gateway.get(path, headers: ["x-api-key": demo]).status == 200, "\(path)")
                    #expect(try await gateway.get(path, headers: ["x-api-key": all]).status == 200, "\(path)")
                    #expect(try await gateway.get(path, headers: ["x-api-key": empty]).status == 404, "\(path)")
                }
                let other = try #require(try await gateway.chat(headers: ["x-api-key": all]).header("x-correlation-id"))
                #expect(try await gateway.get("/v1/tasks/\(other)", headers: ["x-api-key": demo]).status == 404)
                #expect(
                    try await gateway.send(.post, "/v1/tasks/\(other)/cancel", headers: ["x-api-key": demo]).status
                        == 404)
                let search = #"{"project":"demo","query":"retry"}"#
                #expect(
                    try await gateway.send(.post, "/v1/search", headers: ["x-api-key": empty], body: search).status
                        == 404)
                let made = try await gateway.send(
                    .post, "/v1/projects", headers: ["x-api-key": demo], body: #"{"id":"x","source":"/x"}"#)
                #expect(made.status == 403)
                #expect(
                    try await gateway.send(.delete, "/v1/projects/demo", headers: ["x-api-key": demo]).status == 403)
            }
        }
    }

    @Test("without keys, pages of other sites and names that are not local are refused")
    func foreignOrigin() async throws {
        try await GatewayFixture().run(.live) { gateway in
            for origin in ["https://evil.example", "http://localhost.evil.example", "null"] {
                let reply = try await gateway.get("/v1/models", headers: ["origin": origin])
                #expect(reply.status == 403 && reply.error?.code == "origin_not_allowed", "\(origin)")
            }
            for origin in ["http://localhost:8080", "http://127.0.0.1:8080", "http://[::1]:8080"] {
                #expect(try await gateway.get("/v1/models", headers: ["origin": origin]).status == 200, "\(origin)")
            }
        }
    }

    @Test("a public address without keys is refused with the next step, before anything listens")
    func publicAddress() async throws {
        try await withKeys { ring in
            var fixture = try GatewayFixture()
            fixture.settings.host = "0.0.0.0"
            for keys in [nil, ring] {
                fixture.keys = keys
                let gateway = fixture.gateway
                let error = await #expect(throws: GatewayError.self) { try await gateway.run() }
                #expect(error?.code == .needsKeys && error?.message.contains("hearth keys create") == true)
            }
        }
    }

    @Test("a port in use is an error with the next step")
    func portInUse() async throws {
        try await GatewayFixture().run(.live) { gateway in
            var second = try GatewayFixture()
            second.settings.host = "localhost"
            second.settings.port = try #require(gateway.client.port)
            let other = second.gateway
            let error = await #expect(throws: GatewayError.self) { try await other.run() }
            #expect(error?.code == .cannotListen)
        }
    }

    @Test("keys are stored hashed, only their owner may read the file, and names are used once")
    func keyFile() async throws {
        let path = FileManager.default.temporaryDirectory.path() + "/keys-\(CorrelationID.next()).json"
        defer { try? FileManager.default.removeItem(atPath: path) }
        let (ring, other) = (KeyRing(path: path), KeyRing(path: path))
        #expect(try ring.isEmpty())
        #expect(try ring.list().isEmpty)
        let key = try ring.create(name: "one")
        #expect(key.hasPrefix("hk_") && key.utf8.count == 67)
        #expect(try String(contentsOfFile: path, encoding: .utf8).contains(key) == false)
        let attributes = try FileManager.default.attributesOfItem(atPath: path)
        #expect(attributes[.posixPermissions] as? Int == 0o600)
        #expect(try other.find(key)?.name == "one")
        #expect(try other.find(key + "0") == nil)
        #expect(throws: GatewayError.self) { try ring.create(name: "one") }
        #expect(throws: GatewayError.self) { try ring.create(name: "") }
        #expect(throws: GatewayError.self) { try ring.revoke(name: "none") }
        try other.revoke(name: "one")
        #expect(try ring.find(key) == nil)
        try Data("{".utf8).write(to: URL(filePath: path))
        #expect(throws: GatewayError.self) { try ring.list() }
    }
}
