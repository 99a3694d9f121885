import Testing

@testable import Evaluation

@Suite("Questions of error texts")
struct ErrorQuestionTests {
    private let sources: Sources

    init() throws { sources = try Sources() }

    @Test(
        "the literal that a statement raises is the question, its line the answer, what is filled in is left out",
        arguments: [
            ("a.swift", "func f() throws {\n    throw Broken(\"the \\(part) of the old crane is broken\")\n}\n", 2),
            ("a.py", "def f(part):\n    raise ValueError(f\"the {part} of the old crane is broken\")\n", 2),
            ("a.py", "def f(part):\n    raise ValueError(\n        'the %s of the old crane is broken' % part)\n", 3),
            (
                "a.go",
                "package a\n\nfunc f() error {\n\treturn fmt.Errorf(\"the %s of the old crane is broken\", part)\n}\n",
                4
            ),
            ("a.rs", "fn f() {\n    panic!(\"the {} of the old crane is broken\", part);\n}\n", 2),
            ("a.js", "function f() {\n  throw new Error(`the ${part} of the old crane is broken`)\n}\n", 2),
            (
                "A.java",
                "class A { void f() {\n  throw new IllegalStateException(\"the of the old crane is broken\");\n} }\n", 2
            ),
            ("a.c", "void f() {\n    fprintf(stderr, \"the %d of the old crane is broken\\n\", 1);\n}\n", 2),
        ])
    func raised(path: String, source: String, line: Int) {
        let questions = ErrorQuestions().questions(in: sources.corpus([path: source])).questions
        #expect(questions.map(\.text) == ["the of the old crane is broken"])
        #expect(questions.first?.targets == [.init(path: path, lines: line...line)])
    }

    @Test("texts in comments, of other statements, of one word or of two places are no questions")
    func others() {
        let harvest = ErrorQuestions().questions(
            in: sources.corpus([
                "a.go": """
                package a

                // errors.New("a text in a comment is nothing")
                var title = "the crane of the harbour stands"

                func f() { panic(err); show("the crane of the harbour moves") }
                func g() { panic("unreachable code") }
                func h() { panic("the same text stands twice") }
                func i() { panic("the same text stands twice") }

                """
            ]))
        #expect(harvest.questions.isEmpty)
        #expect(harvest.leftOut[.error] == ["fewer than three words": 1, "same text as another": 2])
    }

    @Test("a quote as a character opens no string")
    func characters() {
        let source = "fn f(c: char) {\n    if c == '\"' { panic!(\"a quote stands where none may stand\") }\n}\n"
        let questions = ErrorQuestions().questions(in: sources.corpus(["a.rs": source])).questions
        #expect(questions.map(\.text) == ["a quote stands where none may stand"])
    }
}
