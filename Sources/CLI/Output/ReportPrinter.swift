import Evaluation
import Foundation

/// Prints reports of evaluations as tables.
struct ReportPrinter {
    private let terminal = Terminal.output

    func show(_ report: EvaluationReport) {
        let setup = report.setup
        terminal.line(
            "\(terminal.bold(setup.codebase)): \(setup.files) files, \(setup.passages) passages; seed \(report.request.seed), "
                + "at most \(report.request.questions) questions a kind, \(setup.candidates) candidates of each half.")
        for kind in report.kinds { show(kind, times: report.times.search[kind.kind]) }
        for kind in QuestionKind.allCases {
            if let reason = report.skipped[kind] {
                terminal.line("\n\(terminal.bold(kind.rawValue)): left out. \(reason)")
            }
        }
    }

    private func show(_ kind: KindReport, times: EvaluationReport.SearchTimes?) {
        let unit = kind.unit == .file ? "files" : "passages"
        terminal.line(
            "\n\(terminal.bold(kind.kind.rawValue)): \(kind.questions.count) of \(kind.available) questions, by \(unit)"
                + (times.map { "; p50 \(Self.milliseconds($0.total.p50)), p99 \(Self.milliseconds($0.total.p99))" }
                    ?? ""))
        var table = TextTable("", "NDCG@10 [95 %]", "MRR [95 %]", "R@1", "R@5", "R@10")
        for row in kind.rows {
            let at = { (name: RankingMetrics.Name) in row.metrics[name].map(\.value).map(Self.score) ?? "-" }
            table.add(
                row.variant, Self.interval(row.metrics[.ndcgAt10]), Self.interval(row.metrics[.mrr]), at(.recallAt1),
                at(.recallAt5), at(.recallAt10))
        }
        terminal.line(table.text)
        for ablation in kind.ablation {
            terminal.line("\(ablation.feature) earns " + Self.difference(ablation.earns[.ndcgAt10]) + " NDCG@10")
        }
        terminal.line("ranked against \(kind.bestSingle): " + Self.difference(kind.lead[.ndcgAt10]) + " NDCG@10")
    }

    func show(_ comparison: RunComparison) {
        terminal.line("\nNow less before, by question; * is more than chance (paired bootstrap, 95 %).")
        if !comparison.isSameContent { terminal.line("The code is not the same in both runs.") }
        var table = TextTable("", "COMMON", "VARIANT", "NDCG@10", "MRR", "R@1", "R@10")
        for kind in comparison.kinds {
            for variant in RankingVariant.main.map(\.name) {
                guard let change = kind.changes[variant] else { continue }
                table.add(
                    kind.kind.rawValue, "\(kind.common) of \(kind.common + max(kind.onlyBefore, kind.onlyNow))",
                    variant,
                    Self.difference(change[.ndcgAt10]), Self.difference(change[.mrr]),
                    Self.difference(change[.recallAt1]), Self.difference(change[.recallAt10]))
            }
        }
        terminal.line(table.text)
        terminal.line(
            comparison.changed.isEmpty
                ? "No kind changed by more than chance."
                : "Changed: " + comparison.changed.map(\.rawValue).joined(separator: ", ") + ".")
    }

    private static func score(_ value: Double) -> String { String(format: "%.3f", value) }
    private static func milliseconds(_ value: Double) -> String { String(format: "%.1f ms", value) }

    private static func interval(_ interval: Interval?) -> String {
        interval.map { "\(score($0.value)) [\(score($0.low)), \(score($0.high))]" } ?? "-"
    }

    private static func difference(_ interval: Interval?) -> String {
        interval.map {
            String(format: "%+.3f [%+.3f, %+.3f]", $0.value, $0.low, $0.high) + ($0.isSignificant ? " *" : "")
        } ?? "-"
    }
}
