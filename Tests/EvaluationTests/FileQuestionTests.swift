import Testing

@testable import Evaluation

@Suite("Questions whose answer is a file")
struct FileQuestionTests {
    private let sources: Sources

    init() throws { sources = try Sources() }

    @Test(
        "a test asks for the file that it is called after",
        arguments: [
            (
                "src/crane.py", "tests/test_crane.py",
                "def test_swing():\n    crane = Crane()\n    assert crane.swing(3) == 6\n"
            ),
            (
                "net/crane.go", "net/crane_test.go",
                "package net\n\nfunc TestSwing(t *T) {\n\tcrane := New()\n\tcrane.Swing(3, water)\n}\n"
            ),
            (
                "Sources/Crane.swift", "Tests/CraneTests.swift",
                "func swings() {\n    let crane = Crane()\n    #expect(crane.swing(by: 3) == 6)\n}\n"
            ),
            (
                "src/crane.ts", "src/crane.test.ts",
                "import x\ndescribe('crane', () => { it('swings over water', () => { open(gate) }) })\n"
            ),
            (
                "main/Crane.java", "test/CraneTest.java",
                "class CraneTest {\n    void swings() {\n        Crane crane = new Crane();\n        assertEquals(6, crane.swing(3));\n    }\n"
                    + "    void more() {\n        Crane crane = new Crane();\n        assertEquals(6, crane.swing(3) + water.level);\n    }\n}\n"
            ),
        ])
    func tests(code: String, test: String, text: String) {
        let source = text.replacing("test", with: "tried")
        let questions = TestQuestions().questions(in: sources.corpus([code: source, test: text])).questions
        #expect(!questions.isEmpty)
        #expect(questions.allSatisfy { $0.targets == [.init(path: code)] && $0.source == test })
        #expect(questions.allSatisfy { !$0.text.contains("import") })
    }

    @Test("of two files of a name the one in folders of the same names is meant, and neither if both are as near")
    func nearest() {
        let test = "def test_swing():\n    crane = Crane(harbour)\n    assert crane.swing(water) == 6\n"
        let files = ["a/net/crane.py": "x = 1\n", "a/ui/crane.py": "x = 2\n"]
        let near = files.merging(["tests/net/test_crane.py": test]) { $1 }
        #expect(
            TestQuestions().questions(in: sources.corpus(near)).questions.map(\.targets) == [
                [.init(path: "a/net/crane.py")]
            ])
        let neither = TestQuestions().questions(in: sources.corpus(files.merging(["tests/test_crane.py": test]) { $1 }))
        #expect(neither.questions.isEmpty)
        #expect(neither.leftOut[.test] == ["no one file is called as the test says": 1])
    }

    @Test("a sentence asks for the files that it links to, without the names of these files")
    func links() {
        let text = """
            # Harbour

            Ships wait outside. Heavy cargo is lifted by the [big crane](../src/crane.py) and
            weighed in [src/scales.py](../src/scales.py#weigh "Scales"). See [the web](https://example.org/a).

            ```
            [a link in code that nobody reads](../src/crane.py)
            ```

            - crane.py is [crane.py](../src/crane.py)
            - ![a picture of the whole harbour](../src/crane.py)
            - There is no such [gate for ships](../src/gate.py)
            """
        let harvest = LinkQuestions().questions(
            in: sources.corpus(["docs/harbour.md": text, "src/crane.py": "x = 1\n", "src/scales.py": "x = 2\n"]))
        #expect(
            harvest.questions.map(\.text) == ["Heavy cargo is lifted by the big and weighed in ."]
                || harvest.questions.map(\.text) == ["Heavy cargo is lifted by the big and weighed in"])
        #expect(harvest.questions.first?.targets == [.init(path: "src/crane.py"), .init(path: "src/scales.py")])
        #expect(harvest.questions.first?.source == "docs/harbour.md")
        #expect(harvest.leftOut[.link] == ["fewer than three words beside the link": 1])
    }

    @Test("a link leads from its document's folder, and never out of the codebase")
    func resolving() {
        #expect(MarkdownLink.resolve("../b/c.md#top", from: "a/d.md") == "b/c.md")
        #expect(MarkdownLink.resolve("./c.md", from: "a/d.md") == "a/c.md")
        #expect(MarkdownLink.resolve("/c.md", from: "a/d.md") == "c.md")
        #expect(MarkdownLink.resolve("../../c.md", from: "a/d.md") == nil)
        #expect(MarkdownLink.resolve("https://a.b/c", from: "a/d.md") == nil)
        #expect(MarkdownLink.resolve("#part", from: "a/d.md") == nil)
    }

    private func commit(_ subject: String, changed: [String] = ["a.c"], added: [String] = [], author: String = "A")
        -> Commit
    {
        Commit(id: "1", parent: "0", author: author, subject: subject, changed: changed, added: added)
    }

    @Test("a commit's subject asks its parent for the files that it changed, without the signs of conventions")
    func commits() {
        let harvest = CommitQuestions().questions(of: [
            commit("fix(crane): the lamp turns with the crane (#12)", changed: ["b.c", "a.c"], added: ["new.c"])
        ])
        #expect(harvest.questions.map(\.text) == ["the lamp turns with the crane"])
        #expect(harvest.questions.first?.targets == [.init(path: "a.c"), .init(path: "b.c")])
        #expect(harvest.questions.first?.commit == "0")
    }

    @Test("commits that say nothing about few files are left out and counted")
    func dullCommits() {
        let harvest = CommitQuestions().questions(of: [
            commit("The crane turns towards water", changed: []),
            commit("The crane turns towards land", changed: (0..<6).map { "\($0).c" }),
            commit("The crane turns by wind", added: (0..<10).map { "\($0).c" }),
            commit("Bump the crane of the harbour"), commit("Fix it"), commit("Oil for a.c and its gears"),
            commit("Update dependencies of the crane", author: "renovate[bot]"),
        ])
        #expect(harvest.questions.isEmpty)
        #expect(
            harvest.leftOut[.commit] == [
                "only new files": 1, "many files": 2, "routine": 1, "fewer than three words": 1, "names a file": 1,
                "by a program": 1,
            ])
    }
}
