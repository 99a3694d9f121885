import Hearth
import Testing

@testable import Evaluation

@Suite("Questions of documentation")
struct DocstringQuestionTests {
    private let sources: Sources

    init() throws { sources = try Sources() }

    @Test(
        "a function's first paragraph is the question in every language, its lines are the answer",
        arguments: [
            (
                "a.swift",
                """
                struct Harbour {
                    /// Moves the heavy crane over the water.
                    ///
                    /// - Parameter metres: how far.
                    @discardableResult
                    func swing(metres: Int) -> Int {
                        let reach = metres * 2
                        return reach + 1
                    }

                    func other() -> Int {
                        let unrelated = 1
                        return unrelated
                    }
                    func more() -> Int { 7 }
                }
                """, 5...9
            ),
            (
                "a.py",
                """
                class Harbour:
                    @property
                    def swing(self, metres: int = 3) -> int:
                        \"\"\"Moves the heavy crane
                        over the water.

                        Args: metres.
                        \"\"\"
                        reach = metres * 2
                        again = reach
                        return reach + again

                    def unrelated_thing(self):
                        return [one_thing for one_thing in range(100) if one_thing % 2 == 0]
                """, 2...11
            ),
            (
                "a.go",
                """
                package a

                // Swing moves the heavy crane over the water.
                func Swing(metres int) int {
                \treach := metres * 2
                \treturn reach + 1
                }
                """, 4...7
            ),
            (
                "a.rs",
                """
                /// Moves the heavy crane over the water.
                #[inline]
                pub fn swing(metres: i32) -> i32 {
                    let reach = metres * 2;
                    reach + 1
                }
                """, 3...6
            ),
            (
                "a.ts",
                """
                /**
                 * Moves the heavy crane over the water.
                 * @param metres how far
                 */
                export function swing(metres: number): number {
                  const reach = metres * 2;
                  return reach + 1;
                }
                """, 5...8
            ),
            (
                "A.java",
                """
                class Harbour {
                    /** Moves the heavy crane over the water. */
                    int swing(int metres) {
                        int reach = metres * 2;
                        return reach + 1;
                    }
                    int someOtherMethodOfTheHarbour(int metres) { return metres * 100 + 1; }
                    int yetAnotherMethodOfTheHarbour(int metres) { return metres * 200 + 1; }
                }
                """, 3...6
            ),
            (
                "a.c",
                """
                /* Moves the heavy crane over the water. */
                int swing(int metres)
                {
                    int reach = metres * 2;
                    return reach + 1;
                }
                """, 2...6
            ),
        ] as [(String, String, ClosedRange<Int>)])
    func languages(path: String, source: String, lines: ClosedRange<Int>) {
        let corpus = sources.corpus([path: source])
        let questions = DocstringQuestions().questions(in: corpus).questions
        #expect(questions.map { $0.text.lowercased() } == ["moves the heavy crane over the water."])
        #expect(questions.first?.targets.first?.lines == lines)
        // What is searched has none of it, and every line is where it was.
        let erased = DocumentationEraser.erase(corpus.files[0])
        let text = String(decoding: erased, as: UTF8.self)
        #expect(!text.contains("heavy") && text.contains("reach"))
        #expect(erased.count == source.utf8.count)
        #expect(
            text.split(separator: "\n", omittingEmptySubsequences: false).count
                == source.split(separator: "\n", omittingEmptySubsequences: false).count)
    }

    @Test("what names the function, says too little, is a note or says the same as another is left out and counted")
    func leftOut() {
        let body = " {\n    let one = 1\n    print(one)\n}\n"
        let harvest = DocstringQuestions().questions(
            in: sources.corpus([
                "a.swift": """
                /// Calls openGate before the ship arrives.
                func openGate()\(body)
                /// Short.
                func shut()\(body)
                // MARK: All things about gates
                func marked()\(body)
                /// Counts ships in the whole harbour.
                func first()\(body)
                /// Counts ships in the whole harbour.
                func second()\(body)
                /// Says how many gulls are there.
                func tiny() -> Int { 1 }

                """
            ]))
        #expect(harvest.questions.isEmpty)
        #expect(
            harvest.leftOut[.docstring] == [
                "names the function": 1, "fewer than three words": 1, "a note, no documentation": 1,
                "same text as another": 2, "short function": 1,
            ])
    }

    @Test("functions of tests are not asked for, and a comment beyond a blank line belongs to nothing")
    func elsewhere() {
        let function = "\nfunc gate() {\n    let one = 1\n    print(one)\n}\n"
        let harvest = DocstringQuestions().questions(
            in: sources.corpus([
                "Tests/GateTests.swift": "/// Opens the gate for ships." + function,
                "Sources/Gate.swift": "/// Opens the gate for ships.\n" + function,
            ]))
        #expect(harvest.questions.isEmpty)
    }
}
