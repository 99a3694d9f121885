import FoundationEssentials
import Gateway
import HTTPTypes
import Hearth
import HearthTesting
import OpenAI
import Testing

@Suite("Tasks")
struct TaskRouteTests {
    private func events(_ reply: TestGateway.Reply) throws -> [JSONValue] {
        try reply.data.map { try JSONDecoder().decode(JSONValue.self, from: Data($0.utf8)) }
    }

    @Test("the events of an answer are read again from any place, each once")
    func replay() async throws {
        try await GatewayFixture(ScriptedGenerator { _ in (1...9).map { .text("\($0) ") } }).run { gateway in
            let id = try #require(try await gateway.chat().header("x-correlation-id"))
            let all = try events(try await gateway.get("/v1/tasks/\(id)/events"))
            let count = all.count
            #expect(all.map { $0["sequence_number"] } == (1...count).map { .integer($0) })
            #expect(all.first?["type"] == .string("retrieved") && all.last?["type"] == .string("completed"))
            #expect(all.compactMap { $0["text"]?.text }.joined() == "1 2 3 4 5 6 7 8 9 ")
            for start in 0...count {
                let rest = try events(try await gateway.get("/v1/tasks/\(id)/events?starting_after=\(start)"))
                #expect(rest == Array(all.dropFirst(start)))
                let byHeader = try await gateway.get("/v1/tasks/\(id)/events", headers: ["last-event-id": "\(start)"])
                #expect(try events(byHeader) == rest)
            }
            #expect(try await gateway.get("/v1/tasks/chatcmpl-\(id)/events").status == 200)
        }
    }

    @Test("a task tells its state and its answer")
    func one() async throws {
        try await GatewayFixture().run { gateway in
            let id = try #require(try await gateway.chat().header("x-correlation-id"))
            let task = try await gateway.get("/v1/tasks/\(id)").json
            #expect(task["status"]?.text == "completed" && task["text"]?.text == "The backoff is in `retry` [1].")
            #expect(task["project"]?.text == "demo" && task["finish_reason"]?.text == "stop")
            #expect(try await gateway.get("/v1/tasks/none").error?.code == "task_not_found")
            #expect(try await gateway.get("/v1/tasks/none/events").status == 404)
            #expect(try await gateway.send(.post, "/v1/tasks/none/cancel").status == 404)
            let wrong = try await gateway.get("/v1/tasks/\(id)/events?starting_after=x")
            #expect(wrong.status == 400 && wrong.error?.param == "starting_after")
        }
    }

    @Test("tasks are listed by state, and a wrong filter is 400")
    func list() async throws {
        try await GatewayFixture().run { gateway in
            for _ in 0..<3 { _ = try await gateway.chat() }
            guard case .array(let all)? = try await gateway.get("/v1/tasks?status=completed&limit=2").json["data"]
            else {
                Issue.record("no list")
                return
            }
            #expect(all.count == 2)
            let before = try #require(all.last?["created_at"])
            guard case .number(let seconds) = before else { return }
            guard case .array(let rest)? = try await gateway.get("/v1/tasks?before=\(seconds)").json["data"] else {
                return
            }
            #expect(rest.count == 1)
            #expect(try await gateway.get("/v1/tasks?status=lost").error?.param == "status")
            #expect(try await gateway.get("/v1/tasks?limit=0").error?.param == "limit")
            #expect(try await gateway.get("/v1/tasks?before=x").error?.param == "before")
            #expect(try await gateway.get("/v1/tasks?project=none").status == 404)
        }
    }

    @Test("a running answer is cancelled, and whoever waits for it is told", arguments: [true, false])
    func cancel(isStream: Bool) async throws {
        let begun = TestSignal()
        let fixture = try GatewayFixture(ScriptedGenerator { _ in [.text("one"), .fire(begun), .hang] })
        try await fixture.run { gateway in
            async let waiting = gateway.chat("why?", isStream ? #""stream":true"# : "")
            try await begun.wait()
            let entries = try await fixture.ledger.entries(status: .running, project: nil, before: nil, limit: 9)
            let id = try #require(entries.first?.task.id)
            let reply = try await gateway.send(.post, "/v1/tasks/\(id)/cancel")
            #expect(reply.status == 200 && reply.json["outcome"]?.text == "requested")
            let ended = try await waiting
            if isStream {
                #expect(ended.data.last?.contains("task_cancelled") == true)
            } else {
                #expect(ended.status == 409 && ended.header("x-should-retry") == "false")
                #expect(ended.error?.code == "task_cancelled")
            }
            #expect(try await gateway.send(.post, "/v1/tasks/\(id)/cancel").json["outcome"]?.text == "already_finished")
        }
    }

    @Test("a question that nobody begins is given up at its deadline", arguments: [true, false])
    func deadline(isStream: Bool) async throws {
        var fixture = try GatewayFixture()
        fixture.workers = 0
        fixture.settings.answerDeadline = .milliseconds(30)
        let shared = fixture
        try await fixture.run { gateway in
            let reply = try await gateway.chat("why?", isStream ? #""stream":true"# : "")
            if isStream {
                #expect(reply.data.last?.contains("task_expired") == true)
            } else {
                #expect(reply.status == 503 && reply.error?.code == "task_expired")
                #expect(reply.header("x-should-retry") == "false")
            }
            #expect(try await shared.bus.backlog(of: .answer).ready == 0)
        }
    }

    @Test("a stream that waits is kept alive with its place in the queue, and later with 'working'")
    func keepAlive() async throws {
        let (begun, goOn) = (TestSignal(), TestSignal())
        var fixture = try GatewayFixture(
            ScriptedGenerator { _ in [.text("one"), .fire(begun), .wait(goOn), .text(" two")] })
        fixture.workers = 1
        fixture.settings.keepAlive = .milliseconds(20)
        try await fixture.run { gateway in
            async let first = gateway.chat("a?", #""stream":true"#)
            try await begun.wait()
            async let second = gateway.chat("b?", #""stream":true"#)
            async let third = gateway.chat("c?", #""stream":true"#)
            // Long enough for comments on each of them.
            for _ in 0..<8 { _ = try await gateway.send(.get, "/healthz") }
            let clock = ContinuousClock.now
            while ContinuousClock.now - clock < .milliseconds(150) { await Task.yield() }
            goOn.fire()
            let texts = [try await first.text, try await second.text, try await third.text]
            #expect(texts[0].contains("\n\n: working\n\n"))
            #expect(texts[1...].contains { $0.contains(": queued ") })
            #expect(texts.allSatisfy { !$0.contains(": ping") && $0.hasSuffix("data: [DONE]\n\n") })
        }
    }
}
