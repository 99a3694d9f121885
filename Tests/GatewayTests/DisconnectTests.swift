import FoundationEssentials
import Gateway
import HTTPTypes
import Hearth
import HearthTesting
import HummingbirdTesting
import NIOCore
import Testing

@Suite("Clients that go away", .timeLimit(.minutes(1)))
struct DisconnectTests {
    /// Asks over a connection of its own, waits until the generator writes, and closes the connection.
    private func leave(
        _ fixture: GatewayFixture,
        _ gateway: TestGateway,
        begun: TestSignal,
        extra: String,
        headers: HTTPFields = [:]
    ) async throws {
        let port = try #require(gateway.client.port)
        let body = #"{"model":"hearth/demo","messages":[{"role":"user","content":"why?"}]\#(extra)}"#
        try await TestClient.withClient(host: "localhost", port: port) { client in
            try await client.executeAndDontWaitForResponse(
                .init(
                    "/v1/chat/completions", method: .post, authority: "localhost", headers: headers,
                    body: ByteBuffer(string: body)))
            try await begun.wait()
        }
    }

    private func id(_ fixture: GatewayFixture) async throws -> CorrelationID {
        try #require(try await fixture.ledger.entries(status: nil, project: nil, before: nil, limit: 1).first?.task.id)
    }

    @Test(
        "a running answer is stopped, streaming or not, even while the model says nothing",
        arguments: ["", #","stream":true"#])
    func running(extra: String) async throws {
        let begun = TestSignal()
        let fixture = try GatewayFixture(ScriptedGenerator { _ in [.text("one "), .fire(begun), .hang] })
        try await fixture.run(.live) { gateway in
            let start = ContinuousClock.now
            try await leave(fixture, gateway, begun: begun, extra: extra)
            let events = try await fixture.events(of: try await id(fixture))
            #expect(events.last?.kind == .cancelled)
            try await fixture.generator.stopped.wait()
            #expect(ContinuousClock.now - start < .seconds(5))
        }
    }

    @Test("a question that waits leaves the queue")
    func queued() async throws {
        let begun = TestSignal()
        var fixture = try GatewayFixture(ScriptedGenerator { _ in [.fire(begun), .hang] })
        fixture.workers = 1
        let shared = fixture
        try await fixture.run(.live) { gateway in
            // The only worker is busy with this one.
            let port = try #require(gateway.client.port)
            try await TestClient.withClient(host: "localhost", port: port) { busy in
                let body = #"{"model":"hearth/demo","messages":[{"role":"user","content":"busy"}]}"#
                try await busy.executeAndDontWaitForResponse(
                    .init("/v1/chat/completions", method: .post, authority: "localhost", body: ByteBuffer(string: body))
                )
                try await begun.wait()
                try await leave(shared, gateway, begun: begun, extra: #","stream":true"#)
                while try await shared.ledger.entries(status: nil, project: nil, before: nil, limit: 9).count < 2 {
                    await Task.yield()
                }
                let waiting = try await id(shared)
                let events = try await shared.events(of: waiting)
                #expect(events.map(\.kind) == [.cancelled])
            }
        }
    }

    @Test(
        "an answer asked for in the background goes on, and so does any where the policy says so",
        arguments: [true, false])
    func goesOn(isBackground: Bool) async throws {
        let (begun, goOn) = (TestSignal(), TestSignal())
        var fixture = try GatewayFixture(
            ScriptedGenerator { _ in [.text("one "), .fire(begun), .wait(goOn), .text("two")] })
        fixture.settings.cancelOnDisconnect = isBackground
        let shared = fixture
        try await fixture.run(.live) { gateway in
            var headers = HTTPFields()
            if isBackground { headers[try #require(HTTPField.Name("x-hearth-background"))] = "true" }
            try await leave(shared, gateway, begun: begun, extra: #","stream":true"#, headers: headers)
            let id = try await id(shared)
            while gateway.gateway.router.readerCount(of: id) > 0 { await Task.yield() }
            goOn.fire()
            let answer = Answer(try await shared.events(of: id))
            #expect(answer.text == "one two" && answer.summary != nil)
        }
    }
}
