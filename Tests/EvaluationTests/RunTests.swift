import Foundation
import Hearth
import HearthTesting
import Logging
import Testing

@testable import Evaluation

/// A history that a test writes down.
private struct WrittenHistory: CommitHistory {
    let list: [Commit]
    /// Texts by path, by commit.
    let trees: [String: [String: String]]

    func commits(limit: Int) async throws -> [Commit] { Array(list.prefix(limit)) }
    func files(of commit: String) async throws -> [String: String] {
        (trees[commit] ?? [:]).mapValues { Digest.sha256($0) }
    }
    func contents(of blobs: [String], limit: Int) async throws -> [String: [UInt8]] {
        let texts = trees.values.flatMap(\.values).map { (Digest.sha256($0), Array($0.utf8)) }
        return Dictionary(texts, uniquingKeysWith: { first, _ in first }).filter { blobs.contains($0.key) }
    }
}

@Suite("Evaluations from beginning to end")
struct RunTests {
    private let sources: Sources

    init() throws { sources = try Sources() }

    private static let files = [
        "src/crane.py": """
        def swing(metres):
            \"\"\"Moves the heavy crane over the water.\"\"\"
            reach = metres * 2
            if reach > 90:
                raise ValueError("the crane cannot reach so far")
            return reach

        def count_gulls(ships):
            \"\"\"Tells how many birds sit on all masts.\"\"\"
            total = sum(ship.gulls for ship in ships)
            checked = max(total, 0)
            return checked
        """,
        "src/lamp.py": "def burn(hours):\n    lamp = hours + 1\n    lamp += 2\n    return lamp\n",
        "README.md": "# Harbour\n\nCargo and heavy goods are lifted by [this](src/crane.py).\n",
    ]

    private func evaluation(
        _ files: [String: String] = files,
        history: (any CommitHistory)? = nil
    ) -> RetrievalEvaluation {
        let maker = PassageMaker(encoder: HashedWordEncoder(), outliner: sources.outliner, grammars: "test")
        let subject = RetrievalEvaluation.Subject(
            name: "harbour", corpus: sources.corpus(files), outliner: sources.outliner, history: history)
        return RetrievalEvaluation(subject, index: MemoryPassageIndex(), maker: maker, logger: Logger(label: "test"))
    }

    private func json(_ report: EvaluationReport) throws -> Data {
        var report = report
        report.times = EvaluationReport.Times()
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys]
        return try encoder.encode(report)
    }

    private let everything = EvaluationReport.Request(questions: 50, seed: 1, kinds: QuestionKind.allCases)

    @Test("the same code and seed give the same bytes, apart from the times")
    func deterministic() async throws {
        let one = try await evaluation().run(everything)
        let two = try await evaluation().run(everything)
        #expect(try json(one) == json(two))
        #expect(
            one.times.search.keys.sorted { $0.rawValue < $1.rawValue }
                == one.kinds.map(\.kind).sorted { $0.rawValue < $1.rawValue })
    }

    @Test("every kind has a row for each half, both, all features, and all but each feature")
    func shape() async throws {
        let report = try await evaluation().run(everything)
        #expect(report.kinds.map(\.kind).contains(.docstring))
        #expect(report.skipped[.commit] == "The codebase is no git repository of its own.")
        let features = RankFeatures().names
        for kind in report.kinds {
            #expect(
                kind.rows.map(\.variant) == ["bm25", "dense", "hybrid", "ranked"] + features.map { "without \($0)" })
            #expect(kind.ablation.map(\.feature) == features)
            #expect(kind.questions.count <= kind.available)
        }
    }

    @Test("what a question is taken from is no answer, and a docstring is not in what is searched")
    func noLeak() async throws {
        let report = try await evaluation().run(everything)
        let link = try #require(report.kinds.first { $0.kind == .link })
        // The document itself has all words of the question, and the file that it links to only one.
        #expect(link.questions.first?.ranks["bm25"] == [1])
        let docstring = try #require(report.kinds.first { $0.kind == .docstring })
        let gulls = try #require(docstring.questions.first { $0.text.contains("birds") })
        // None of the words is in the code, so that only the docstring could have led there.
        #expect(gulls.ranks["bm25"] == [])
    }

    @Test("fewer questions are a part of more, and another seed draws others")
    func drawing() async throws {
        func ids(_ count: Int, seed: UInt64) async throws -> [String] {
            let request = EvaluationReport.Request(questions: count, seed: seed, kinds: [.symbolExact])
            return try await evaluation().run(request).kinds[0].questions.map(\.id)
        }
        let (two, all) = (try await ids(2, seed: 1), try await ids(9, seed: 1))
        #expect(two.count == 2 && Set(two).isSubset(of: all))
        var drawn: Set<[String]> = []
        for seed in UInt64(1)...9 { drawn.insert(try await ids(1, seed: seed)) }
        #expect(drawn.count > 1)
    }

    @Test("a commit's question is asked of its parent, whatever the code is now")
    func history() async throws {
        let old = [
            "src/winch.py": "def pull_rope(metres):\n    return metres\n", "src/lamp.py": "def burn():\n    return 1\n",
        ]
        let middle = [
            "src/winch.py": "def nothing_left():\n    return 0\n", "src/lamp.py": "def burn():\n    return 1\n",
        ]
        let history = WrittenHistory(
            list: [
                Commit(
                    id: "c", parent: "b", author: "A", subject: "Burn much longer at night", changed: ["src/lamp.py"],
                    added: []),
                Commit(
                    id: "b", parent: "a", author: "A", subject: "Pull no rope for metres", changed: ["src/winch.py"],
                    added: []),
            ], trees: ["a": old, "b": middle])
        let report = try await evaluation(history: history).run(
            EvaluationReport.Request(questions: 9, seed: 1, kinds: [.commit]))
        let asked = report.kinds[0].questions
        #expect(asked.count == 2)
        // `pull_rope` is in the first commit alone.
        #expect(asked.first { $0.text.hasPrefix("Pull") }?.ranks["bm25"] == [1])
        #expect(asked.first { $0.text.hasPrefix("Burn") }?.ranks["bm25"] == [1])
    }

    @Test("a codebase without a question of the wanted kinds is an error that says so")
    func nothing() async throws {
        await #expect(throws: EvaluationError.self) {
            try await evaluation(["a.txt": "nothing to ask"]).run(everything)
        }
    }

    @Test("a run compared with itself has not changed; one in which answers are lost has, in that kind alone")
    func comparison() async throws {
        let files = Dictionary(
            uniqueKeysWithValues: (0..<12).map { number in
                let name = [
                    "oar", "bow", "keel", "mast", "sail", "deck", "rope", "hull", "helm", "buoy", "dock", "pier",
                ][number]
                return (
                    "src/\(name).py",
                    "def lift_\(name)_up(x):\n    if x > \(number):\n        raise ValueError('the \(name) cannot be lifted up')\n    return x\n"
                )
            })
        let request = EvaluationReport.Request(questions: 50, seed: 1, kinds: [.symbolExact, .error])
        let run = try await evaluation(files).run(request)
        let same = try RunComparison(before: run, now: run)
        #expect(same.changed.isEmpty && same.isSameContent && same.kinds.map(\.common) == [12, 12])

        var worse = run
        let text = String(decoding: try JSONEncoder().encode(run.kinds[0]), as: UTF8.self)
            .replacing(#"[1]"#, with: "[]")
        worse.kinds[0] = try JSONDecoder().decode(KindReport.self, from: Data(text.utf8))
        let comparison = try RunComparison(before: run, now: worse)
        #expect(comparison.changed == [run.kinds[0].kind])
        #expect(comparison.kinds[0].changes["ranked"]?[.mrr]?.high ?? 0 < 0)
    }

    @Test("runs of different seeds or codebases are not compared")
    func incomparable() async throws {
        let run = try await evaluation().run(everything)
        let other = try await evaluation().run(.init(questions: 50, seed: 2, kinds: QuestionKind.allCases))
        #expect(throws: EvaluationError.self) { try RunComparison(before: run, now: other) }
        let foreign = try await evaluation(["a.py": "def altogether_different():\n    return 1\n"]).run(everything)
        #expect(throws: EvaluationError.self) { try RunComparison(before: run, now: foreign) }
    }
}
