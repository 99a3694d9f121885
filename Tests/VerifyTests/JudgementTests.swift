import Hearth
import Testing

@testable import Verify

@Suite("Judging an answer")
struct JudgementTests {
    private func failures(_ observation: Observation) -> [CheckFailure] { ExpectationCheck.failures(of: observation) }

    @Test("a fact is answered by its value and its citation, and by nothing less")
    func fact() {
        #expect(failures(Fixture.observation("4817223 [1]", cites: [1])).isEmpty)
        #expect(failures(Fixture.observation("4817223 [2]", cites: [2])).count == 1)
        #expect(failures(Fixture.observation("4817224 [1]", cites: [1])).count == 1)
        #expect(failures(Fixture.observation("")).count == 2)
    }

    @Test("an abstention is the exact sentence without a citation")
    func abstention() {
        let ask = Ask(.open(.main), "?", [.abstains])
        #expect(failures(Fixture.observation(PromptAssembler.abstention + "\n", ask: ask)).isEmpty)
        #expect(!failures(Fixture.observation(PromptAssembler.abstention + " Sorry.", ask: ask)).isEmpty)
        #expect(!failures(Fixture.observation(PromptAssembler.abstention, cites: [1], ask: ask)).isEmpty)
    }

    @Test("a refusal is a failure of the service, unless it is what was expected")
    func refusal() {
        let refused = { (ask: Ask) in
            Observation(
                ask: ask, reply: .refusal(status: 400, code: "c", message: "m"), codebase: Fixture.codebase, seconds: 0)
        }
        #expect(failures(refused(.fact(Fixture.alpha))).map(\.stage) == [.service])
        #expect(failures(refused(Ask(.open(.main), "?", [.isRefused]))).isEmpty)
        #expect(failures(Fixture.observation("hello", ask: Ask(.open(.main), "?", [.isRefused]))).count == 1)
    }

    @Test("identifiers that stand neither in the sources nor in the question are invented")
    func identifiers() {
        #expect(IdentifierCheck.failures(of: Fixture.observation("`alpha_limit` is 4817223; return it. [1]")).isEmpty)
        #expect(IdentifierCheck.failures(of: Fixture.observation("```python\nalpha_limit = 1\n```\n")).isEmpty)
        #expect(!IdentifierCheck.failures(of: Fixture.observation("Call `reload`.")).isEmpty)
        #expect(!IdentifierCheck.failures(of: Fixture.observation("Call reloadAll now.")).isEmpty)
        #expect(!IdentifierCheck.failures(of: Fixture.observation("Call reload_all now.")).isEmpty)
        #expect(IdentifierCheck.failures(of: Fixture.observation("A sentence of Plain words")).isEmpty)
    }

    @Test("who lost a fact is told from the prompt, the search and the count of tokens")
    func attribution() {
        let missing = Fixture.observation("no") { $0.origin.passages = [Fixture.place(1, "b.py")] }
        let found = FoundPassage(path: "a.py", startLine: 1, endLine: 3, version: "v", text: "")
        #expect(FailureAttribution.stage(of: missing, found: []) == .retrieval)
        #expect(FailureAttribution.stage(of: missing, found: [found]) == .assembly)
        #expect(FailureAttribution.stage(of: Fixture.observation("no"), found: []) == .generation)
        #expect(FailureAttribution.stage(of: Fixture.observation("no", promptTokens: 5), found: []) == .assembly)
        let stale = Fixture.observation("no", ask: Ask(.open(.main), "?", [.abstains])) { answer in
            answer.origin.passages = [SourcePlace(number: 1, path: "a.py", startLine: 1, endLine: 3, version: "old")]
        }
        #expect(FailureAttribution.stage(of: stale, found: []) == .retrieval)
    }

    @Test("equal bytes are demanded where the lane promises them")
    func agreement() {
        let answers = [Fixture.observation("a"), Fixture.observation("b"), Fixture.observation("a")]
        for (lane, inTurn, atOnce) in [(Lane.scripted, 1, 1), (.serial, 1, 0), (.concurrent, 0, 0)] {
            #expect(AgreementCheck(.sameTextInTurn, answers, lane: lane).failures.count == inTurn)
            #expect(AgreementCheck(.sameTextAtOnce, answers, lane: lane).failures.count == atOnce)
        }
        let check = AgreementCheck(.sameTextInTurn, answers, lane: .serial)
        #expect((check.same, check.compared) == (1, 2))
        let twice = [Fixture.observation("a"), Fixture.observation("a") { $0.origin.correlationID = "other" }]
        #expect(AgreementCheck(.oneAnswer, twice, lane: .concurrent).failures.map(\.stage) == [.service])
    }

    @Test("a request that came twice has left one question and one answer behind, of the bytes that were given")
    func oneAnswer() async throws {
        let given = [Fixture.observation("a"), Fixture.observation("a")]
        let question = TimelineEntry(role: "user", text: "?", correlationID: "id")
        let answer = TimelineEntry(role: "assistant", text: "a", correlationID: "id")
        let other = TimelineEntry(role: "assistant", text: "b", correlationID: "id")
        for (messages, kept, count) in [
            ([question, answer], "a", 0), ([question, answer, answer], "a", 1), ([question, other], "a", 1),
            ([question, answer], "b", 1), ([], "b", 2),
        ] {
            let past = PastAnswer(status: "completed", question: "?", text: kept, origin: nil)
            let failures = try await OneAnswerCheck(FakeHearth(past: past, messages: messages)).failures(of: given)
            #expect(failures.map(\.stage) == Array(repeating: .service, count: count))
        }
    }

    @Test("the context is what was pinned, and a server that tells none is noted")
    func contextLength() {
        let pins = PinCheck(options: PinnedOptions(contextLength: 4096), generator: nil, digest: nil)
        let answer = { (length: Int?) in Fixture.observation("a") { $0.origin.contextLength = length } }
        #expect(pins.faults(in: [answer(4096), answer(nil)]).isEmpty)
        #expect(
            pins.faults(in: [answer(4096), answer(2048)]).map { $0.contains("4096 tokens and was 2048") } == [true])
        #expect(pins.notes(on: [answer(4096)]).count == 1)
        #expect(pins.notes(on: [answer(4096), answer(nil)]).count == 2)
    }

    @Test("what the server did not honour is a fault of the run")
    func pins() {
        let pins = PinCheck(options: PinnedOptions(maximumTokens: 10), generator: "g", digest: "d")
        let honest = Fixture.observation("a") { answer in
            answer.origin.generator = "g"
            answer.origin.generatorDigest = "d"
        }
        #expect(pins.faults(in: [honest]).isEmpty)
        let other = Fixture.observation("a", promptTokens: 3) { answer in
            answer.origin.generator = "h"
            answer.origin.generatorDigest = "e"
            answer.origin.lexicalOnly = "away"
            answer.completionTokens = 11
        }
        #expect(pins.faults(in: [honest, other]).count == 5)
    }
}
