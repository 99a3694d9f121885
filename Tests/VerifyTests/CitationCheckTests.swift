import Testing

@testable import Verify

@Suite("Citations")
struct CitationCheckTests {
    private func checks(_ observation: Observation) -> [String] { CitationCheck(observation).failures.map(\.check) }

    @Test("an answer whose quotes stand in what it cites is right")
    func right() {
        let check = CitationCheck(Fixture.observation("`alpha_limit = 4817223` [1]", cites: [1]))
        #expect(check.failures.isEmpty)
        #expect(check.precision == 1)
        #expect(check.recall == 1)
    }

    @Test(
        "a number or a quote that is not in the cited lines is found",
        arguments: [
            "The limit is 4817223 [2].", "`beta_limit` [1]", "The limit is 4817224 [1].",
            "It says \"three times\" [1].",
            "First [1]. Then 9153347 [1].", "The name is beta_limit [1].", "It is alphaLimit [1].",
        ])
    func wrongQuote(text: String) {
        #expect(
            checks(Fixture.observation(text, cites: [1, 2])).contains("what is quoted stands in what is cited"))
    }

    @Test("several markers behind one statement prove it together, and blanks and grouping do not matter")
    func together() {
        let texts = [
            "4817223 and 9153347 [1] [2].", "4,817,223 and 9_153_347 [1, 2]",
            "`alpha_limit  =  4817223`[1], 9153347 [2]",
            "The value of `alpha_limit` is `4817223` [1].",
        ]
        for text in texts { #expect(checks(Fixture.observation(text, cites: [1, 2])).isEmpty, "\(text)") }
    }

    @Test("a fenced block is quoted for the marker that introduces it, without its language")
    func fences() {
        let first = "a.py, line 3 [1]:\n\n```python\nalpha_limit = 4817223\n```\n\n"
        let second = "b.py [2]:\n\n```python\nbeta_limit = 9153347\n```\n"
        #expect(checks(Fixture.observation(first + second, cites: [1, 2])).isEmpty)
        let exchanged = first.replacing("[1]", with: "[2]") + second.replacing("[2]", with: "[1]")
        #expect(
            checks(Fixture.observation(exchanged, cites: [1, 2]))
                == ["what is quoted stands in what is cited", "what is quoted stands in what is cited"])
    }

    @Test("what nothing is cited for must stand in some cited passage")
    func behindTheLastMarker() {
        #expect(checks(Fixture.observation("See [1]. So it is 4817223.", cites: [1])).isEmpty)
        #expect(!checks(Fixture.observation("It is 4817223.")).isEmpty)
    }

    @Test("markers without a citation, and those that were taken out, are found")
    func markers() {
        #expect(checks(Fixture.observation("4817223 [1] [2]", cites: [1])) == ["every marker names a passage"])
        let removed = Fixture.observation("4817223 [1]", cites: [1]) { $0.origin.removedMarkers = 2 }
        #expect(checks(removed) == ["every marker names a passage"])
    }

    @Test("a version that is not the file's, a file that is not there and lines behind its end are found")
    func places() {
        let wrong: [(SourcePlace, String)] = [
            (
                SourcePlace(number: 1, path: "a.py", startLine: 1, endLine: 3, version: "old"),
                "the cited version is the file's"
            ),
            (Fixture.place(1, "c.py"), "cited files exist"), (Fixture.place(1, "a.py", 2...4), "the cited lines exist"),
            (Fixture.place(1, "a.py", 0...1), "the cited lines exist"),
        ]
        for (place, check) in wrong {
            let observation = Fixture.observation("See [1].") { answer in
                answer.origin.passages = [place]
                answer.origin.citations = [place]
            }
            let failures = CitationCheck(observation).failures
            #expect(failures.map(\.check) == [check])
            #expect(failures.map(\.stage) == [.retrieval])
        }
        let foreign = Fixture.observation("See [1].") { $0.origin.citations = [Fixture.place(1, "a.py", 1...2)] }
        #expect(checks(foreign) == ["what is cited was in the prompt"])
    }
}
