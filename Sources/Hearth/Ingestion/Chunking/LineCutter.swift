/// Cuts a range of a source into pieces by its lines, where no syntax helps.
///
/// A piece ends where a reader would pause: at a blank line, where the indentation falls back, after a closing brace.
struct LineCutter {
    let lines: SourceLines

    /// Pieces of at most `limit` tokens each that follow one another without a gap.
    func cut(_ range: Range<Int>, limit: Int) -> [Range<Int>] {
        var pieces: [Range<Int>] = []
        var start = range.lowerBound
        while start < range.upperBound {
            // Pieces of about one size, rather than full ones and a tail that says nothing.
            let rest = lines.tokens(in: start..<range.upperBound)
            let count = (rest + limit - 1) / max(limit, 1)
            let share = count > 1 ? min(limit, rest / count * 5 / 4) : limit
            let end = pieceEnd(from: start, to: range.upperBound, limit: share)
            pieces.append(start..<end)
            start = end
        }
        return pieces
    }

    private func pieceEnd(from start: Int, to end: Int, limit: Int) -> Int {
        if lines.tokens(in: start..<end) <= limit { return end }
        var line = lines.line(at: start)
        var last = start
        var best: (end: Int, score: Int)?
        while true {
            let next = min(lines.range(of: line).upperBound, end)
            let tokens = lines.tokens(in: start..<next)
            guard tokens <= limit else { break }
            last = next
            // A cut in the first half would make small pieces.
            let score = pause(after: line) * 4 + tokens * 4 / max(limit, 1)
            if tokens * 2 >= limit, score >= best?.score ?? .min { best = (next, score) }
            line += 1
        }
        if let best { return best.end }
        return last > start ? last : cutLine(from: start, to: min(lines.range(of: line).upperBound, end), limit: limit)
    }

    /// How good the end of a line is as a place to stop.
    private func pause(after line: Int) -> Int {
        guard line + 1 < lines.count else { return 3 }
        let own = lines.bytes[lines.range(of: line)]
        let next = lines.bytes[lines.range(of: line + 1)]
        if own.allSatisfy({ $0 <= 0x20 }) { return 3 }
        let indentation = { (text: ArraySlice<UInt8>) in text.prefix { $0 == 0x20 || $0 == 0x09 }.count }
        let closes = own.last { $0 > 0x20 }.map { $0 == UInt8(ascii: "}") || $0 == UInt8(ascii: ";") } ?? false
        if next.allSatisfy({ $0 <= 0x20 }) { return 1 }
        return (closes && indentation(next) <= indentation(own) ? 1 : 0)
            + (indentation(next) < indentation(own) ? 1 : 0)
    }

    /// The end of the longest beginning of one line that fits: between words if there are any, never inside of a scalar.
    private func cutLine(from start: Int, to end: Int, limit: Int) -> Int {
        var low = start
        var high = end
        while high - low > 1 {
            let middle = (low + high) / 2
            if lines.tokens(in: start..<middle) <= limit { low = middle } else { high = middle }
        }
        var cut = low
        while cut > start, cut < end, lines.bytes[cut] & 0xC0 == 0x80 { cut -= 1 }
        let tail = lines.bytes[max(start, cut - 80)..<cut]
        if let blank = tail.lastIndex(where: { $0 == 0x20 || $0 == UInt8(ascii: ",") || $0 == UInt8(ascii: ";") }),
            blank > start
        {
            cut = blank + 1
        }
        guard cut <= start else { return cut }
        // Not even one scalar fits: take it all the same, or there would be no end.
        cut = start + 1
        while cut < end, lines.bytes[cut] & 0xC0 == 0x80 { cut += 1 }
        return cut
    }
}
