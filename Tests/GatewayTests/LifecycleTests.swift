import FoundationEssentials
import Gateway
import HTTPTypes
import Hearth
import HearthTesting
import HummingbirdTesting
import Logging
import NIOCore
import ServiceLifecycle
import Synchronization
import Testing

@Suite("The life of a gateway", .timeLimit(.minutes(1)))
struct LifecycleTests {
    private static let stream =
        #"{"model":"hearth/demo","stream":true,"messages":[{"role":"user","content":"why?"}]}"#

    private func ask(_ port: Int) async throws -> String {
        try await TestClient.withClient(host: "localhost", port: port) { client in
            let reply = try await client.post("/v1/chat/completions", body: ByteBuffer(string: Self.stream))
            return reply.body.map { String(buffer: $0) } ?? ""
        }
    }

    /// Runs `fixture` as a process would, and lets `body` ask and stop it.
    private func serve(
        _ fixture: GatewayFixture,
        _ body: @escaping @Sendable (_ port: Int, _ stop: @escaping @Sendable () async -> Void) async throws -> Void
    ) async throws {
        try await fixture.serve { gateway, port in
            let group = ServiceGroup(configuration: .init(services: [gateway], logger: .silent))
            try await withThrowingTaskGroup(of: Void.self) { tasks in
                tasks.addTask { try await group.run() }
                try await body(try await port()) { await group.triggerGracefulShutdown() }
                await group.triggerGracefulShutdown()
                try await tasks.waitForAll()
            }
        }
    }

    @Test("an answer that is being written is written to its end before the gateway stops")
    func finishes() async throws {
        let (begun, goOn) = (TestSignal(), TestSignal())
        let fixture = try GatewayFixture(
            ScriptedGenerator { _ in [.text("one "), .fire(begun), .wait(goOn), .text("two")] })
        try await serve(fixture) { port, stop in
            async let answer = ask(port)
            try await begun.wait()
            await stop()
            goOn.fire()
            let text = try await answer
            #expect(text.contains("two") && text.hasSuffix("data: [DONE]\n\n"))
        }
    }

    @Test("a stream that takes longer than the grace ends with an error that says where the rest is")
    func runsOut() async throws {
        let begun = TestSignal()
        var fixture = try GatewayFixture(ScriptedGenerator { _ in [.text("one"), .fire(begun), .hang] })
        fixture.settings.shutdownGrace = .milliseconds(20)
        let shared = fixture
        try await serve(fixture) { port, stop in
            async let answer = ask(port)
            try await begun.wait()
            await stop()
            let text = try await answer
            #expect(text.contains("gateway_stopping") && text.contains("/v1/tasks/") && !text.contains("[DONE]"))
            let entries = try await shared.ledger.entries(status: nil, project: nil, before: nil, limit: 9)
            #expect(entries.map(\.isCancellationRequested) == [false])
        }
    }

    @Test("many streams at the same time are all complete")
    func many() async throws {
        let pieces = (0..<100).map { "\($0) " }
        var fixture = try GatewayFixture(ScriptedGenerator(pieces))
        fixture.workers = 16
        try await serve(fixture) { port, _ in
            try await withThrowingTaskGroup(of: String.self) { group in
                for _ in 0..<64 { group.addTask { try await ask(port) } }
                for try await text in group {
                    #expect(text.hasSuffix("data: [DONE]\n\n"))
                    #expect(text.split(separator: "\n\n").count { $0.contains(#""content":""#) } >= 2)
                    #expect(text.contains("99"))
                }
            }
        }
    }

    @Test("a connection on which nothing is sent is closed")
    func idle() async throws {
        var fixture = try GatewayFixture()
        fixture.settings.idleTimeout = .milliseconds(50)
        try await serve(fixture) { port, _ in
            let client = TestClient(host: "localhost", port: port)
            client.connect()
            let channel = try await client.getChannel()
            try await channel.closeFuture.get()
        }
    }
}
