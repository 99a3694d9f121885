import Hearth

/// Finds string literals in sources of most languages, comments left out, without a grammar.
struct StringLiterals {
    struct Literal {
        /// Without its quotes.
        let content: Range<Int>
        /// With them.
        let whole: Range<Int>
    }

    private let bytes: [UInt8]
    private let quotes: [[UInt8]]
    private let lineComments: [[UInt8]]
    private let hasBlockComments: Bool

    init(_ file: SourceFile) {
        bytes = file.bytes
        let language = file.language.name
        let hasSingle = ["python", "javascript", "typescript", "tsx", "ruby", "php", "perl", "lua", "bash"].contains(
            language)
        let hasBacktick = ["javascript", "typescript", "tsx", "go"].contains(language)
        let hasTriple = ["python", "swift", "kotlin", "java", "scala"].contains(language)
        quotes =
            ((hasTriple ? ["\"\"\""] : []) + (language == "python" ? ["'''"] : []) + ["\""] + (hasSingle ? ["'"] : [])
            + (hasBacktick ? ["`"] : [])).map { Array($0.utf8) }
        let hasHash = ["python", "ruby", "perl", "bash", "php", "r", "julia", "elixir", "make"].contains(language)
        lineComments = (hasHash ? ["#"] : language == "lua" ? ["--"] : ["//"]).map { Array($0.utf8) }
        hasBlockComments = !hasHash
    }

    /// All literals in their order.
    func all() -> [Literal] {
        var found: [Literal] = []
        var offset = 0
        while offset < bytes.count {
            if lineComments.contains(where: { starts($0, at: offset) }) {
                offset = end(of: [UInt8(ascii: "\n")], from: offset)
            } else if hasBlockComments, starts(Array("/*".utf8), at: offset) {
                offset = end(of: Array("*/".utf8), from: offset + 2)
            } else if let quote = quotes.first(where: { starts($0, at: offset) }) {
                let start = offset + quote.count
                let stop = closing(quote, from: start)
                found.append(Literal(content: start..<stop, whole: offset..<min(stop + quote.count, bytes.count)))
                offset = stop + quote.count
            } else if bytes[offset] == UInt8(ascii: "'"), let stop = character(at: offset) {
                offset = stop
            } else {
                offset += 1
            }
        }
        return found
    }

    private func starts(_ text: [UInt8], at offset: Int) -> Bool { bytes[offset...].starts(with: text) }

    private func end(of text: [UInt8], from offset: Int) -> Int {
        var end = min(offset, bytes.count)
        while end < bytes.count, !starts(text, at: end) { end += 1 }
        return min(end + text.count, bytes.count)
    }

    /// Where the closing quote stands; a simple literal ends with its line at the latest.
    private func closing(_ quote: [UInt8], from start: Int) -> Int {
        let isLong = quote.count > 1 || quote[0] == UInt8(ascii: "`")
        var offset = start
        while offset < bytes.count {
            if bytes[offset] == UInt8(ascii: "\\") {
                offset += 2
            } else if starts(quote, at: offset) || !isLong && bytes[offset] == UInt8(ascii: "\n") {
                return offset
            } else {
                offset += 1
            }
        }
        return bytes.count
    }

    /// The end of a character literal such as `'"'`, which would open a string.
    private func character(at offset: Int) -> Int? {
        for length in 3...4 where offset + length <= bytes.count && bytes[offset + length - 1] == UInt8(ascii: "'") {
            return offset + length
        }
        return nil
    }
}
