import FoundationEssentials
import Gateway
import Hearth
import HearthTesting
import OpenAI
import Testing

@Suite("Requests that are repeated")
struct RepetitionTests {
    private func tasks(_ fixture: GatewayFixture) async throws -> [LedgerEntry] {
        try await fixture.ledger.entries(status: nil, project: nil, before: nil, limit: 99)
    }

    @Test("the retries of an SDK find the first attempt and get its answer", arguments: [false, true])
    func retries(isStream: Bool) async throws {
        let fixture = try GatewayFixture()
        let extra = isStream ? #""stream":true"# : ""
        try await fixture.run { gateway in
            let first = try await gateway.chat("why?", headers: ["x-stainless-retry-count": "0"], extra)
            let second = try await gateway.chat("why?", headers: ["x-stainless-retry-count": "1"], extra)
            let third = try await gateway.chat("why?", headers: ["x-stainless-retry-count": "2"], extra)
            #expect(first.status == 200 && second.status == 200)
            #expect(first.header("x-correlation-id") == second.header("x-correlation-id"))
            #expect(first.header("x-correlation-id") == third.header("x-correlation-id"))
            #expect(first.header("x-hearth-session") == third.header("x-hearth-session"))
            if isStream { #expect(second.streamedText == first.streamedText && second.data.last == "[DONE]") }
            #expect(try await tasks(fixture).count == 1)
        }
    }

    @Test("two people who ask the same are two")
    func sameTwice() async throws {
        let fixture = try GatewayFixture()
        try await fixture.run { gateway in
            let (one, two) = (try await gateway.chat(), try await gateway.chat())
            #expect(one.header("x-correlation-id") != two.header("x-correlation-id"))
            #expect(try await tasks(fixture).count == 2)
        }
    }

    @Test("an idempotency key names one request", arguments: ["idempotency-key", "x-client-request-id"])
    func key(header: String) async throws {
        let fixture = try GatewayFixture()
        try await fixture.run { gateway in
            let one = try await gateway.chat("a?", headers: [header: "k1"])
            let again = try await gateway.chat("a?", headers: [header: "k1"])
            #expect(one.header("x-correlation-id") == again.header("x-correlation-id"))
            let other = try await gateway.chat("b?", headers: [header: "k1"])
            #expect(other.status == 409 && other.error?.code == "idempotency_conflict")
            #expect(other.header("x-should-retry") == "false")
            let fresh = try await gateway.chat("a?", headers: [header: "k2"])
            #expect(fresh.header("x-correlation-id") != one.header("x-correlation-id"))
            #expect(try await tasks(fixture).count == 2)
        }
    }

    @Test("a retry of an answer that is being written attaches to it")
    func attaches() async throws {
        let (begun, goOn) = (TestSignal(), TestSignal())
        let generator = ScriptedGenerator { _ in [.text("one "), .fire(begun), .wait(goOn), .text("two")] }
        let fixture = try GatewayFixture(generator)
        try await fixture.run { gateway in
            async let first = gateway.chat("why?", #""stream":true"#)
            try await begun.wait()
            async let second = gateway.chat("why?", headers: ["x-stainless-retry-count": "1"], #""stream":true"#)
            let id = try #require(try await tasks(fixture).first?.task.id)
            while gateway.gateway.router.readerCount(of: id) < 2 { await Task.yield() }
            goOn.fire()
            #expect(try await first.streamedText == "one two")
            #expect(try await second.streamedText == "one two")
            #expect(try await tasks(fixture).count == 1)
        }
    }

    @Test("a retry does not attach to an attempt that was cancelled because its client went away")
    func cancelledIsNoAnswer() async throws {
        let fixture = try GatewayFixture()
        try await fixture.run { gateway in
            let desk = gateway.gateway.desk
            let task = try #require(try await askedTask(fixture, gateway))
            let repeated = AnswerTask(
                id: .next(), question: task.question, replyTo: task.replyTo, owner: task.owner,
                deadline: task.deadline, deduplication: Deduplication(key: "k", bodyHash: "b"))
            await fixture.bus.fail(with: nil)
            #expect(try await desk.submit(repeated) == .accepted)
            _ = try await fixture.ledger.requestCancellation(repeated.id)
            let again = AnswerTask(
                id: .next(), question: task.question, replyTo: task.replyTo, owner: task.owner,
                deadline: task.deadline, deduplication: repeated.deduplication)
            let entry = try await fixture.ledger.entry(repeated.id)
            if entry?.status == .cancelled || entry?.isCancellationRequested == true {
                #expect(try await desk.submit(again, joiningWithin: .seconds(60)) == .accepted)
            } else {
                #expect(try await desk.submit(again, joiningWithin: .seconds(60)) == .joined(repeated.id))
            }
        }
    }

    private func askedTask(_ fixture: GatewayFixture, _ gateway: TestGateway) async throws -> AnswerTask? {
        _ = try await gateway.chat()
        return try await tasks(fixture).first?.task
    }
}
