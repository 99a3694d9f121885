/// Finds what an answer claims word for word: code between backticks, quotations, numbers of two digits or more.
enum SpanScan {
    static func spans(of text: String) -> [String] {
        let (quoted, rest) = quotations(in: text)
        return quoted + numbers(in: rest)
    }

    /// What stands between backticks or double quotes, and the text without it.
    private static func quotations(in text: String) -> (quoted: [String], rest: String) {
        var quoted: [String] = []
        var rest = ""
        var open: (mark: Character, text: String)?
        for letter in text {
            if let (mark, inside) = open {
                if letter == mark {
                    let span = inside.split(whereSeparator: \.isWhitespace).joined(separator: " ")
                    if span.count > 1 { quoted.append(span) }
                    open = nil
                } else {
                    open = (mark, inside + String(letter))
                }
            } else if letter == "`" || letter == "\"" {
                open = (letter, "")
                rest.append(" ")
            } else {
                rest.append(letter)
            }
        }
        // A mark that is never closed quotes nothing.
        if let open { rest += open.text }
        return (quoted, rest)
    }

    static func numbers(in text: String) -> [String] {
        let words = AnswerText.ungrouped(text).split(whereSeparator: { !$0.isPartOfName })
        return words.filter { $0.count > 1 && $0.allSatisfy(\.isASCIIDigit) }.map(String.init)
    }
}
