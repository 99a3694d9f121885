import Testing

@testable import Evaluation

@Suite("Questions of symbols")
struct SymbolQuestionTests {
    private let sources: Sources

    init() throws { sources = try Sources() }

    private static let swift = """
        /// A lighthouse, long enough that its members are parts of their own, which takes a few words more than one line has.
        struct Lighthouse {
            func rotateLampSlowly() {
                print("the lamp of the lighthouse rotates slowly, as it has done for two hundred years")
            }

            func update() {
                print("a first update, told in so many words that nobody could overlook it in a log")
            }
        }

        /// Another type with a function of the same name, long enough that its members are parts of their own as well.
        struct Harbour {
            func update() {
                print("a second update, told in so many words that nobody could overlook it in a log")
                print("a third update, told in so many words that nobody could overlook it in a log")
                print("a second update, told in so many words that nobody could overlook it in a log")
            }
        }
        """

    private func texts(_ kind: QuestionKind) -> Set<String> {
        let harvest = SymbolQuestions().questions(in: sources.corpus(["a.swift": Self.swift]))
        return Set(harvest.questions.filter { $0.kind == kind }.map(\.text))
    }

    @Test("a name that is declared once is asked for as it is; one that is declared twice only with its type")
    func exact() {
        #expect(texts(.symbolExact) == ["Lighthouse", "rotateLampSlowly", "Harbour"])
        #expect(texts(.symbolQualified) == ["Lighthouse.rotateLampSlowly", "Lighthouse.update", "Harbour.update"])
    }

    @Test("split are names of several words, and prefixes are beginnings that nothing else has")
    func spellings() {
        #expect(texts(.symbolSplit) == ["rotate lamp slowly"])
        #expect(texts(.symbolPrefix) == ["Lighth", "rotateLamp", "Harbo"])
    }

    @Test("a typo is one edit away, keeps the first letter and is the same in every run")
    func typo() {
        let typos = texts(.symbolTypo)
        #expect(typos == texts(.symbolTypo))
        #expect(typos.count == 3)
        for typo in typos {
            #expect(
                ["Lighthouse", "rotateLampSlowly", "Harbour"].contains {
                    $0.first == typo.first && distance($0, typo) == 1
                })
        }
    }

    @Test("the answer is the line of the name, behind attributes and modifiers")
    func line() {
        let source = "@available(*, deprecated)\npublic final class Beacon {\n    let power = 1\n}\n"
        let harvest = SymbolQuestions().questions(in: sources.corpus(["a.swift": source]))
        #expect(harvest.questions.first { $0.kind == .symbolExact }?.targets == [.init(path: "a.swift", lines: 2...2)])
    }

    @Test("names of tests are not asked for, but make a name ambiguous")
    func tests() {
        let harvest = SymbolQuestions().questions(
            in: sources.corpus([
                "src/a.py": "def open_gate():\n    return 1\n", "tests/test_a.py": "def open_gate():\n    return 2\n",
            ]))
        #expect(harvest.questions.isEmpty)
    }

    @Test("two colons join names in Rust")
    func rust() {
        let filler = String(repeating: "        let beam = turn(beam);\n", count: 12)
        let source = "impl Beacon {\n    fn shine(&self) {\n\(filler)    }\n}\n"
        let harvest = SymbolQuestions().questions(in: sources.corpus(["a.rs": source]))
        #expect(harvest.questions.first { $0.kind == .symbolQualified }?.text == "Beacon::shine")
    }

    /// Insertions, deletions, changes and swaps of neighbours.
    private func distance(_ left: String, _ right: String) -> Int {
        let (a, b) = (Array(left), Array(right))
        var rows = [Array(0...b.count)]
        for i in 1...a.count {
            var row = [i]
            for j in 1...b.count {
                var best = min(rows[i - 1][j] + 1, row[j - 1] + 1, rows[i - 1][j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1))
                if i > 1, j > 1, a[i - 1] == b[j - 2], a[i - 2] == b[j - 1] { best = min(best, rows[i - 2][j - 2] + 1) }
                row.append(best)
            }
            rows.append(row)
        }
        return rows[a.count][b.count]
    }
}
