import Hearth

@testable import Verify

/// A codebase of two files, and answers about it.
enum Fixture {
    static let codebase: Codebase = {
        var codebase = Codebase()
        codebase.apply(.write(path: "a.py", text: "# One.\n\nalpha_limit = 4817223\n"))
        codebase.apply(.write(path: "b.py", text: "# Two.\n\nbeta_limit = 9153347\n"))
        return codebase
    }()
    static let alpha = Fact(constant: "alpha_limit", value: "4817223", path: "a.py")
    static let beta = Fact(constant: "beta_limit", value: "9153347", path: "b.py")

    static func place(_ number: Int, _ path: String, _ lines: ClosedRange<Int> = 1...3) -> SourcePlace {
        SourcePlace(
            number: number, path: path, startLine: lines.lowerBound, endLine: lines.upperBound,
            version: codebase.hash(of: path) ?? "gone")
    }

    /// An answer whose prompt had both files, in this order.
    static func observation(
        _ text: String,
        cites numbers: [Int] = [],
        ask: Ask = .fact(alpha),
        promptTokens: Int = 400,
        change: (inout GivenAnswer) -> Void = { _ in }
    ) -> Observation {
        var answer = GivenAnswer(text: text, promptTokens: promptTokens)
        answer.origin.passages = [place(1, "a.py"), place(2, "b.py")]
        answer.origin.citations = answer.origin.passages.filter { numbers.contains($0.number) }
        answer.origin.correlationID = "id"
        change(&answer)
        return Observation(ask: ask, reply: .answer(answer), codebase: codebase, seconds: 0)
    }

    static func report(_ cases: [CaseResult], faults: [String] = []) -> VerifyReport {
        VerifyReport(
            seed: 1, lane: .scripted, options: PinnedOptions(), subject: .init(url: "http://h", generator: "g"),
            kinds: VerifyReport.verdicts(cases, VerifyThresholds()), cases: cases, grid: VerifyGrid(cases),
            sameBytes: 0,
            comparedBytes: 0,
            promptHash: VerifyReport.promptHash(cases), faults: faults, notes: [], seconds: 1)
    }

    static func result(
        _ id: String,
        _ kind: CaseKind = .canary,
        cell: GridCell? = nil,
        failures: [CheckFailure] = []
    ) -> CaseResult {
        CaseResult(
            id: id, kind: kind, chapter: "c", cell: cell, failures: failures,
            asks: [AskRecord(observation("a <b> & \"c\""))])
    }
}
