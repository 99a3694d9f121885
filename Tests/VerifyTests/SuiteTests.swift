import OpenAI
import Testing

@testable import Verify

@Suite("Suites of one's own questions")
struct SuiteTests {
    private static let text = """
        # About uploads.
        project: shop
        questions:
          - name: limit
            question: "Where is the #1 limit?"   # a comment
            must_contain: [10 MiB, "a, b", 'it''s']
            must_cite:
              - src/upload.py
          -
            question: What is xyzzy: a word?
            must_abstain: true
        """

    @Test("YAML of mappings, lists and quoted texts is read")
    func yaml() throws {
        let suite = try VerifySuite(Self.text)
        #expect(suite.project == "shop")
        #expect(suite.questions.map(\.question) == ["Where is the #1 limit?", "What is xyzzy: a word?"])
        #expect(suite.questions[0].mustContain == ["10 MiB", "a, b", "it's"])
        #expect(suite.questions[0].mustCite == ["src/upload.py"])
        let cases = suite.verifyCases
        #expect(cases.map(\.id) == ["suite/limit", "suite/2"])
        #expect(cases[1].asks[0].expectations == [.abstains])
    }

    @Test("JSON is read as well")
    func json() throws {
        let suite = try VerifySuite(#"{"project": "p", "questions": [{"question": "q", "must_contain": "x"}]}"#)
        #expect(suite.questions[0].mustContain == ["x"])
    }

    @Test(
        "what is not read is refused with its line",
        arguments: [
            ("a: &x 1", 1), ("a: |\n  b", 1), ("a: 1\na: 2", 2), ("a:\n\tb: 1", 2), ("a: [b", 1), ("a: \"b", 1),
            ("a: 1\n---\nb: 2", 2), ("a: 1\n  b: 2", 2), ("just words", 1), ("a: \"\\x\"", 1), ("a: [b] c", 1),
        ])
    func refused(text: String, line: Int) {
        let error = #expect(throws: VerifyError.self) { try PlainYAML.value(of: text) }
        #expect(error?.message.hasPrefix("Line \(line) ") == true, "\(error?.message ?? "")")
    }

    @Test("plain numbers stay texts, and lists may stand at their key's indentation")
    func plain() throws {
        #expect(
            try PlainYAML.value(of: "a: 007\nb:\n- x\n- y: z\n  w: true\n")
                == .object([
                    "a": .string("007"),
                    "b": .array([.string("x"), .object(["y": .string("z"), "w": .bool(true)])]),
                ]))
    }

    @Test("a question that demands nothing, an unknown demand and a suite without questions are refused")
    func empty() {
        for text in [
            "project: p\nquestions:\n  - question: q", "project: p\nquestions: []",
            "project: p\nquestions:\n  - question: q\n    must_say: x", "questions:\n  - question: q\n    must_cite: x",
        ] {
            #expect(throws: VerifyError.self) { try VerifySuite(text) }
        }
    }

    @Test(
        "what is missing or of another kind is said by its key and its question",
        arguments: [
            (#"{"questions": []}"#, "The suite has no 'project'."),
            (#"{"project": "p"}"#, "The suite has no 'questions'."),
            (#"{"project": "p", "question": []}"#, "The suite has 'question'. Known: project, questions."),
            (#"{"project": "p", "questions": [{"must_cite": "a"}]}"#, "The suite's question 1 has no 'question'."),
            (
                #"{"project": "p", "questions": [{"question": "q", "must_abstain": "a"}]}"#,
                "'must_abstain' of question 1 "
            ),
            (
                #"{"project": "p", "questions": [{"question": "q", "must_cite": {"a": 1}}]}"#,
                "'must_cite' of question 1 "
            ),
            (#"{"project": "p", "questions": "q"}"#, "'questions' of the suite "), ("- a", "This is no suite: "),
            (
                #"{"project": "p", "questions": [{"name": "2", "question": "q", "must_cite": "a"}, {"question": "r", "must_cite": "a"}]}"#,
                "Two questions of the suite are named '2'."
            ),
            (
                #"{"project": "p", "questions": [{"question": "q", "must_say": "a"}]}"#,
                "Question 1 of the suite has 'must_say'."
            ),
        ])
    func faults(text: String, said: String) {
        let error = #expect(throws: VerifyError.self) { try VerifySuite(text) }
        #expect(error?.message.hasPrefix(said) == true, "\(error?.message ?? "")")
    }
}
