/// A report as JUnit XML: one suite a kind, one test a case.
public struct JUnitReport: Sendable {
    public let text: String

    public init(_ report: VerifyReport) {
        let failed = report.cases.count { !$0.passed }
        var lines = [#"<?xml version="1.0" encoding="UTF-8"?>"#]
        lines.append(
            #"<testsuites name="hearth verify" tests="\#(report.cases.count + 1)" failures="\#(failed + (report.faults.isEmpty ? 0 : 1))" time="\#(report.seconds)">"#
        )
        for kind in report.kinds {
            let cases = report.cases.filter { $0.kind == kind.kind }
            lines.append(
                #"  <testsuite name="\#(kind.kind.rawValue)" tests="\#(kind.total)" failures="\#(kind.total - kind.passed)">"#
            )
            lines += Self.properties(of: report)
            lines += cases.flatMap(Self.testCase)
            lines.append("  </testsuite>")
        }
        // What the server did not honour belongs to no kind.
        lines.append(#"  <testsuite name="pins" tests="1" failures="\#(report.faults.isEmpty ? 0 : 1)">"#)
        lines.append(#"    <testcase classname="pins" name="honoured">"#)
        lines += report.faults.map { #"      <failure message="\#(Markup.escaped($0))"/>"# }
        lines += ["    </testcase>", "  </testsuite>", "</testsuites>", ""]
        text = lines.joined(separator: "\n")
    }

    private static func properties(of report: VerifyReport) -> [String] {
        let values = [
            ("seed", "\(report.seed)"), ("lane", report.lane.rawValue), ("generator", report.subject.generator ?? ""),
            ("digest", report.subject.generatorDigest ?? ""), ("encoder", report.subject.encoder ?? ""),
            ("generation", report.subject.generation ?? ""), ("options", report.options.summary),
            ("prompts", report.promptHash ?? ""),
        ]
        let rows = values.map { #"      <property name="\#($0.0)" value="\#(Markup.escaped($0.1))"/>"# }
        return ["    <properties>"] + rows + ["    </properties>"]
    }

    private static func testCase(_ result: CaseResult) -> [String] {
        let seconds = result.asks.reduce(0) { $0 + $1.seconds }
        let head =
            #"    <testcase classname="\#(result.kind.rawValue)" name="\#(Markup.escaped(result.id))" time="\#(seconds)""#
        if result.passed { return [head + "/>"] }
        let failures = result.failures.map { failure in
            let stage = failure.stage?.rawValue ?? "unknown"
            return
                #"      <failure type="\#(stage)" message="\#(Markup.escaped(failure.check))">\#(Markup.escaped(failure.detail))</failure>"#
        }
        let answers = result.asks.map { ask in
            "Q (\(ask.book)): \(ask.question)\nA: \(ask.answer)\nCited: \(ask.citations.joined(separator: ", "))\nPrompt: \(ask.promptHash ?? "")"
        }
        let output = "      <system-out>\(Markup.escaped(answers.joined(separator: "\n\n")))</system-out>"
        return [head + ">"] + failures + [output, "    </testcase>"]
    }
}
