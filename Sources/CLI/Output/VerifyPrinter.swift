import Foundation
import Verify

/// Prints reports of verifications.
struct VerifyPrinter {
    private let terminal = Terminal.output
    /// An answer that went wrong can be long.
    private let longestDetail = 300

    func show(_ report: VerifyReport) {
        let subject = report.subject
        terminal.line(
            "\(terminal.bold(subject.url)): \(subject.generator ?? "no generator") "
                + "\(subject.generatorDigest.map { "(\($0.prefix(12))) " } ?? "")seed \(report.seed), lane \(report.lane.rawValue), "
                + String(format: "%.1f s", report.seconds))
        terminal.line(
            terminal.dim(
                "\(report.options.summary); index \(subject.generation ?? "-"), prompts \(report.promptHash?.prefix(12) ?? "-")"
            ))
        var table = TextTable("", "KIND", "PASSED", "SHARE [95 %]", "AT LEAST", "LOST BY")
        for kind in report.kinds {
            let stages = kind.stages.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }
            table.add(
                kind.isGreen ? "ok  " : "FAIL", kind.kind.rawValue, "\(kind.passed) of \(kind.total)",
                String(format: "%.2f [%.2f, %.2f]", kind.interval.share, kind.interval.low, kind.interval.high),
                String(format: "%.2f", kind.threshold), stages.joined(separator: ", "))
        }
        for line in table.text.split(separator: "\n") {
            terminal.line(line.hasPrefix("FAIL") ? terminal.red(String(line)) : String(line))
        }
        for result in report.cases where !result.passed {
            terminal.line("\n\(terminal.bold(result.id)) (\(result.chapter))")
            for failure in result.failures { show(failure) }
        }
        if report.comparedBytes > 0 {
            terminal.line("\nRepeated answers with the same bytes: \(report.sameBytes) of \(report.comparedBytes).")
        }
        for note in report.notes { terminal.line("Note: \(note)") }
        for fault in report.faults { terminal.line(terminal.red("Not honoured: \(fault)")) }
        terminal.line(report.passed ? terminal.green("GREEN") : terminal.red("RED"))
    }

    private func show(_ failure: CheckFailure) {
        let detail = failure.detail.replacing("\n", with: " ")
        let shown = detail.count > longestDetail ? detail.prefix(longestDetail) + "…" : detail[...]
        terminal.line("  \(failure.stage?.rawValue ?? "unknown"): expected: \(failure.check); \(shown)")
    }

    func show(_ comparison: VerifyComparison) {
        if !comparison.isSameSeed { terminal.line("The seeds differ: cases are compared by their names alone.") }
        for difference in comparison.differences { terminal.line(difference) }
        var table = TextTable("KIND", "BEFORE", "NOW")
        for kind in comparison.kinds {
            table.add(kind.kind.rawValue, kind.before.map(Self.share) ?? "-", kind.now.map(Self.share) ?? "-")
        }
        terminal.line(table.text)
        for id in comparison.broken { terminal.line(terminal.red("broken: \(id)")) }
        for id in comparison.mended { terminal.line(terminal.green("mended: \(id)")) }
        terminal.line(
            "\(comparison.broken.count) broken, \(comparison.mended.count) mended, \(comparison.otherAnswers) of "
                + "\(comparison.common) cases answered in other words.")
    }

    private static func share(_ share: Double) -> String { String(format: "%.2f", share) }
}
