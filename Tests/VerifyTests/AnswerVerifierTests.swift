import Testing

@testable import Verify

@Suite("Sources of an answer of before")
struct AnswerVerifierTests {
    private func past() -> PastAnswer {
        var origin = AnswerOrigin()
        origin.project = "p"
        var place = SourcePlace(number: 1, path: "a.py", startLine: 2, endLine: 3, version: "v1")
        place.text = "x = 1\ny = 2\n"
        origin.citations = [place]
        return PastAnswer(status: "completed", question: "q", text: "t", origin: origin)
    }

    private func source(_ version: String, _ text: String, from line: Int = 1) async throws -> AnswerVerification
        .Source?
    {
        let count = text.split(separator: "\n", omittingEmptySubsequences: false).count
        let found = FoundPassage(path: "a.py", startLine: line, endLine: line + count - 1, version: version, text: text)
        let other = FoundPassage(path: "a.pyx", startLine: 1, endLine: 1, version: "v9", text: "z")
        return try await AnswerVerifier(api: FakeHearth(past: past(), found: [found, other])).verify("id").sources.first
    }

    @Test("the same version is unchanged, and so is the same text in other lines")
    func unchanged() async throws {
        #expect(try await source("v1", "# a\nx = 1\ny = 2")?.state == .unchanged)
        let moved = try await source("v2", "# a\n# b\nx = 1\ny = 2")
        #expect(moved?.state == .unchanged)
        #expect(moved?.movedTo == "a.py:3-4")
    }

    @Test("another text is changed, with its difference")
    func changed() async throws {
        let source = try await source("v2", "# a\nx = 1\ny = 3")
        #expect(source?.state == .changed)
        #expect(source?.diff == [" x = 1", "-y = 2", "+y = 3"])
    }

    @Test("a file that is gone is deleted, though another begins with its name")
    func deleted() async throws {
        let other = FoundPassage(path: "a.pyx", startLine: 1, endLine: 1, version: "v9", text: "z")
        let verification = try await AnswerVerifier(api: FakeHearth(past: past(), found: [other])).verify("id")
        #expect(verification.sources.map(\.state) == [.deleted])
        #expect(!verification.holds)
    }

    @Test("an answer that is not there, or not finished, has no sources to read")
    func none() async {
        let waiting = PastAnswer(status: "queued", question: "q", text: nil, origin: nil)
        for past in [nil, waiting] {
            await #expect(throws: VerifyError.self) {
                try await AnswerVerifier(api: FakeHearth(past: past)).verify("id")
            }
        }
    }

    @Test("a difference keeps the order of both texts")
    func difference() {
        #expect(LineDiff.lines(from: ["a", "b", "c"], to: ["a", "x", "c", "d"]) == [" a", "-b", "+x", " c", "+d"])
        #expect(LineDiff.lines(from: [], to: ["a"]) == ["+a"])
        #expect(LineDiff.lines(from: ["a"], to: []) == ["-a"])
    }
}
