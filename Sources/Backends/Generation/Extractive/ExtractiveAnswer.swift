import Hearth

/// The text of an extractive answer.
struct ExtractiveAnswer: Sendable {
    /// A text cut into pieces, one line each, and why it ends.
    struct Text: Sendable, Hashable {
        var pieces: [String]
        var reason: FinishReason
    }

    /// Says what the reader gets, so that nobody takes quotes for an explanation.
    static let opening = "No language model is connected: these are the best matching passages, quoted."
    private static let longestLine = 240

    private let lines: [String]

    init(quotes: [Quote]) {
        guard let best = quotes.first else {
            lines = [ExtractiveGenerator.abstention]
            return
        }
        lines = [Self.opening + "\n", "\n", Self.headline(best)] + quotes.flatMap(Self.block)
    }

    /// The text up to the first stop text, and up to about the most tokens.
    func limited(to options: GenerationOptions) -> Text {
        var text = Text(pieces: Self.cut(lines, at: options.stop), reason: .stop)
        guard var left = options.maximumTokens else { return text }
        for (offset, piece) in text.pieces.enumerated() {
            left -= TokenEstimate.tokens(of: piece)
            if left < 0 {
                // One piece at least: an answer of no text is none.
                text.pieces.removeSubrange(max(1, offset)...)
                text.reason = .length
                break
            }
        }
        return text
    }

    private static func headline(_ quote: Quote) -> String {
        let name = quote.symbol.isEmpty ? "" : "\(code(quote.symbol)) in "
        return "Best match: \(name)\(code(quote.passage.path)), lines \(quote.lineNumbers) [\(quote.number)]\n"
    }

    private static func block(_ quote: Quote) -> [String] {
        let symbol = quote.symbol.isEmpty ? "" : " · \(code(quote.symbol))"
        let place = code("\(quote.passage.path):\(quote.lineNumbers)")
        let fence = fence(around: quote)
        var lines = ["\n", "\(place)\(symbol) [\(quote.number)]\n", "\(fence)\(language(of: quote.passage))\n"]
        for (offset, run) in quote.runs.enumerated() {
            if offset > 0 { lines.append("…\n") }
            lines += quote.lines[run].map { clipped($0) + "\n" }
        }
        return lines + [fence + "\n"]
    }

    /// A fence that no line of the quote can close.
    private static func fence(around quote: Quote) -> String {
        var longest = 2
        for run in quote.runs {
            for line in quote.lines[run] {
                var length = 0
                for byte in line.utf8 {
                    length = byte == UInt8(ascii: "`") ? length + 1 : 0
                    longest = max(longest, length)
                }
            }
        }
        return String(repeating: "`", count: longest + 1)
    }

    private static func language(of passage: Passage) -> String {
        passage.language.allSatisfy { $0.isLetter || $0.isNumber || $0 == "_" || $0 == "-" } ? passage.language : ""
    }

    private static func code(_ text: String) -> String {
        "`" + String(text.map { $0 == "`" || $0.isNewline ? "_" : $0 }) + "`"
    }

    private static func clipped(_ line: Substring) -> String {
        let line = line.last == "\r" ? line.dropLast() : line
        return line.count > longestLine ? line.prefix(longestLine) + " …" : String(line)
    }

    private static func cut(_ lines: [String], at stops: [String]) -> [String] {
        let text = lines.joined()
        let ends = stops.filter { !$0.isEmpty }.compactMap { text.firstRange(of: $0)?.lowerBound }
        guard let end = ends.min() else { return lines }
        var left = text[..<end].utf8.count
        var kept: [String] = []
        for line in lines where left > 0 {
            kept.append(String(decoding: line.utf8.prefix(left), as: UTF8.self))
            left -= line.utf8.count
        }
        return kept
    }
}
