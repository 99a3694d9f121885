/// Finds what an answer claims word for word: code between fences or backticks, quotations, names that look like code, numbers
/// of two digits or more.
enum SpanScan {
    static let fence = "```"

    static func spans(of text: String) -> [String] {
        let (blocks, prose) = blocks(in: text)
        let (quoted, rest) = quotations(in: prose)
        return blocks + quoted + IdentifierCheck.identifiers(in: rest) + numbers(in: rest)
    }

    /// What stands between fences, without the language behind the first, and the text without it.
    private static func blocks(in text: String) -> (blocks: [String], rest: String) {
        var blocks: [String] = []
        var rest: [Substring] = []
        var open: [Substring]?
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            switch (isFence(line), open) {
            case (true, nil): open = []
            case (true, .some(let lines)):
                let block = lines.joined(separator: " ").split(whereSeparator: \.isWhitespace).joined(separator: " ")
                if block.count > 1 { blocks.append(block) }
                open = nil
            case (false, .some): open?.append(line)
            case (false, nil): rest.append(line)
            }
        }
        // A fence that is never closed quotes nothing.
        return (blocks, (rest + (open ?? [])).joined(separator: "\n"))
    }

    /// The text with fences that name no language.
    static func withoutLanguages(_ text: String) -> String {
        text.split(separator: "\n", omittingEmptySubsequences: false).map { isFence($0) ? Substring(fence) : $0 }
            .joined(separator: "\n")
    }

    private static func isFence(_ line: Substring) -> Bool { line.drop(while: \.isWhitespace).hasPrefix(fence) }

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
