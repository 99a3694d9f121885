import Hearth

/// Prints an answer while it is written, and its citations below.
struct AnswerPrinter {
    private let terminal = Terminal.output
    private var answer = Answer()

    mutating func show(_ event: ReplyEvent) {
        answer.add(event)
        switch event.kind {
        case .text(let piece): terminal.write(piece)
        case .restarted:
            terminal.write("\n\n" + terminal.dim("(the worker was lost; the answer starts again)") + "\n\n")
        case .completed(let summary): finish(summary)
        case .retrieved(let report):
            if let reason = report.lexicalOnly { Terminal.error.line(Terminal.error.yellow(reason)) }
        case .failed, .cancelled: break
        }
    }

    private func finish(_ summary: AnswerSummary) {
        if !answer.text.hasSuffix("\n") { terminal.line() }
        guard !summary.citations.isEmpty else { return }
        terminal.line()
        for citation in summary.citations.sorted(by: { $0.number < $1.number }) {
            let passage = citation.passage
            let place = "\(passage.path):\(passage.lines.lowerBound)-\(passage.lines.upperBound)"
            let symbol = passage.symbol.isEmpty ? "" : "  " + terminal.dim(passage.symbol)
            terminal.line("[\(citation.number)] \(place)\(symbol)")
        }
    }
}
