/// A report as one HTML page that loads nothing.
public struct HTMLReport: Sendable {
    public let text: String

    public init(_ report: VerifyReport) {
        let verdict = report.passed ? "green" : "red"
        text = """
            <!doctype html>
            <html lang="en"><head><meta charset="utf-8"><title>hearth verify: \(verdict)</title>
            <meta name="viewport" content="width=device-width"><style>\(Self.style)</style></head><body>
            <h1><span class="\(verdict)">\(verdict.uppercased())</span> hearth verify</h1>
            \(Self.facts(report))
            \(Self.list("Not honoured", report.faults))\(Self.list("Notes", report.notes))
            <h2>By kind</h2>\(HTMLPlot.shares(report.kinds))\(Self.table(report.kinds))
            \(report.grid.map { "<h2>By rank and depth</h2>" + HTMLPlot.grid($0) } ?? "")
            <h2>Where the facts stood in the prompt</h2>\(HTMLPlot.places(report.cases))
            <h2>Cases</h2>\(report.cases.sorted { !$0.passed && $1.passed }.map(Self.section).joined(separator: "\n"))
            </body></html>

            """
    }

    private static let style = """
        body{font:15px/1.5 system-ui,sans-serif;max-width:60em;margin:2em auto;padding:0 1em;color:#222;background:#fff}
        svg{max-width:640px;width:100%;font-size:12px}.grid{stroke:#ddd}.whisker{stroke-width:3}.threshold{stroke:#222}
        circle.green,rect.green{fill:#18794e}line.green{stroke:#18794e}circle.red,rect.red{fill:#c62828}text.mark{fill:#fff}line.red{stroke:#c62828}
        span.green{color:#18794e}span.red{color:#c62828}table{border-collapse:collapse}td,th{padding:.2em .8em .2em 0;text-align:left}
        details{border-top:1px solid #ddd;padding:.3em 0}pre{white-space:pre-wrap;background:#f6f6f6;padding:.5em;margin:.3em 0}
        """

    private static func facts(_ report: VerifyReport) -> String {
        let rows = [
            ("Server", report.subject.url), ("Generator", report.subject.generator ?? "-"),
            ("Digest", report.subject.generatorDigest ?? "-"), ("Encoder", report.subject.encoder ?? "-"),
            ("Generation", report.subject.generation ?? "-"), ("Seed", "\(report.seed)"),
            ("Lane", report.lane.rawValue),
            ("Options", report.options.summary), ("Prompts", report.promptHash ?? "-"),
            ("Equal bytes", "\(report.sameBytes) of \(report.comparedBytes) repeated answers"),
        ]
        let cells = rows.map { "<tr><th>\($0.0)</th><td>\(Markup.escaped($0.1))</td></tr>" }
        return "<table>\(cells.joined())</table>"
    }

    private static func table(_ kinds: [KindVerdict]) -> String {
        let rows = kinds.map { kind in
            let stages = kind.stages.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }.joined(separator: ", ")
            let mark = kind.isGreen ? "green" : "red"
            return
                "<tr><td><span class=\"\(mark)\">\(kind.kind.rawValue)</span></td><td>\(kind.passed) of \(kind.total)</td>"
                + "<td>\(kind.interval.share) [\(kind.interval.low), \(kind.interval.high)]</td><td>\(kind.threshold)</td><td>\(stages)</td></tr>"
        }
        return
            "<table><tr><th>Kind</th><th>Passed</th><th>Share [95 %]</th><th>At least</th><th>Lost by</th></tr>\(rows.joined())</table>"
    }

    private static func list(_ title: String, _ texts: [String]) -> String {
        guard !texts.isEmpty else { return "" }
        return "<h2>\(title)</h2><ul>\(texts.map { "<li>\(Markup.escaped($0))</li>" }.joined())</ul>"
    }

    private static func section(_ result: CaseResult) -> String {
        let mark = result.passed ? "green" : "red"
        let failures = result.failures.map { failure in
            "<p><b>\(failure.stage?.rawValue ?? "unknown")</b>: expected: \(Markup.escaped(failure.check)); \(Markup.escaped(failure.detail))</p>"
        }
        let asks = result.asks.map { ask in
            let place = ask.goldPlace.map { "; fact at \($0) of \(ask.promptPassages)" } ?? ""
            return "<p>\(ask.book): \(Markup.escaped(ask.question))</p><pre>\(Markup.escaped(ask.answer))</pre>"
                + "<p>\(Markup.escaped(ask.citations.joined(separator: ", ")))\(place); prompt \(ask.promptHash?.prefix(12) ?? "-"); task \(ask.correlationID ?? "-")</p>"
        }
        return
            "<details\(result.passed ? "" : " open")><summary><span class=\"\(mark)\">\(Markup.escaped(result.id))</span> (\(result.chapter))</summary>"
            + failures.joined() + asks.joined() + "</details>"
    }
}
