/// The lines of a passage that say most about a question: a whole declaration if it is short, else its signature and
/// the best window of its body.
struct Excerpt: Sendable, Hashable {
    /// The most lines of an excerpt.
    static let limit = 15

    /// In order, not empty, not touching.
    let runs: [Range<Int>]
    /// The line of the declaration that the excerpt belongs to.
    let signature: Int?

    /// - Parameter scores: what each line says about the question.
    init(_ lines: [SourceLine], scores: [Double]) {
        let all = Self.trimmed(0..<lines.count, lines)
        guard all.count > Self.limit else {
            runs = [all]
            signature = Self.signature(of: all, in: lines, scores: scores)
            return
        }
        let window = Self.bestWindow(in: all, lines: lines, scores: scores)
        let signature = Self.signature(of: window, in: lines, scores: scores)
        self.signature = signature
        if let signature, signature < window.lowerBound {
            // A gap of one line is shown rather than marked.
            let touches = window.lowerBound - signature <= 2
            runs = touches ? [signature..<window.upperBound] : [signature..<(signature + 1), window]
        } else {
            runs = [window]
        }
    }

    private static func bestWindow(in all: Range<Int>, lines: [SourceLine], scores: [Double]) -> Range<Int> {
        // Room for the signature and the mark of the gap.
        let size = limit - 2
        let highest = scores.max() ?? 0
        var best = (start: all.lowerBound, score: -1.0)
        for start in all.lowerBound...(all.upperBound - size) {
            let window = start..<(start + size)
            var score = scores[window].reduce(0, +)
            if beginsBlock(start, lines) { score += highest * 0.25 }
            // The signature is shown in any case.
            if let signature = signature(of: window, in: lines, scores: scores), signature < start {
                score += scores[signature]
            }
            if score > best.score { best = (start, score) }
        }
        return trimmed(best.start..<(best.start + size), lines)
    }

    /// Whether a comment, or a declaration without one, begins here.
    private static func beginsBlock(_ index: Int, _ lines: [SourceLine]) -> Bool {
        let line = lines[index]
        guard !line.isPreamble else { return false }
        guard index > 0 else { return true }
        let previous = lines[index - 1]
        if line.isComment { return !previous.isComment }
        return line.declares != nil && !previous.isComment
    }

    /// The declaration that the best line of `range` belongs to.
    private static func signature(of range: Range<Int>, in lines: [SourceLine], scores: [Double]) -> Int? {
        let best = range.max { scores[$0] < scores[$1] } ?? range.lowerBound
        if lines[best].declares != nil { return best }
        // A comment belongs to the declaration below it.
        if lines[best].isComment, let next = range.first(where: { $0 > best && !lines[$0].isComment }),
            lines[next].declares != nil
        {
            return next
        }
        let indent = lines[best].indent
        let above = (0..<best).last { lines[$0].declares != nil && lines[$0].indent < indent }
        return above ?? range.first { lines[$0].declares != nil }
    }

    /// Without imports and blank lines at the beginning, and without the comment of the next declaration at the end.
    private static func trimmed(_ range: Range<Int>, _ lines: [SourceLine]) -> Range<Int> {
        let first = range.first { !lines[$0].isBlank && !(lines[$0].isPreamble && lines[$0].text.first != "@") }
        let last = range.last { !lines[$0].isBlank && !lines[$0].isComment && !lines[$0].isPreamble }
        // A passage may be all comment, or all imports.
        guard let first, let last, first <= last else { return withoutBlankEnds(range, lines) }
        return first..<(last + 1)
    }

    private static func withoutBlankEnds(_ range: Range<Int>, _ lines: [SourceLine]) -> Range<Int> {
        let filled = range.filter { !lines[$0].isBlank }
        guard let first = filled.first, let last = filled.last
        else { return range.lowerBound..<min(range.lowerBound + 1, range.upperBound) }
        return first..<(last + 1)
    }
}
