/// Reads comments as prose.
enum DocumentationText {
    private static let sections = [
        "@", ":param", ":return", ":raise", ":type", "\\param", "\\return", "- parameter", "- returns", "- throws",
        "- note", "- warning", "- important", "args:", "arguments:", "returns:", "return:", "raises:", "yields:",
        "parameters", "example", "examples", "```", ">>>", "#", ".. ", "---", "===", "|",
    ]

    /// The first paragraph, without the signs of the comment and of markup; `nil` if there is none.
    static func summary(of comment: String) -> String? {
        var words: [Substring] = []
        for line in comment.split(separator: "\n", omittingEmptySubsequences: false) {
            let text = content(of: line)
            let isSection = sections.contains { text.lowercased().hasPrefix($0) }
            if text.isEmpty || isSection {
                if words.isEmpty { continue }
                break
            }
            words += text.split(whereSeparator: \.isWhitespace)
        }
        let text = plain(words.joined(separator: " "))
        return text.isEmpty ? nil : text
    }

    /// A line without what makes it a comment.
    private static func content(of line: Substring) -> Substring {
        var text = line.trimmed()
        for start in ["r\"\"\"", "\"\"\"", "'''", "/**", "/*!", "/*", "///", "//!", "//", "\"", "'", "*", "#"]
        where text.hasPrefix(start) && !text.hasPrefix("*/") {
            text = text.dropFirst(start.count).trimmed()
            break
        }
        for end in ["\"\"\"", "'''", "*/", "\""] where text.hasSuffix(end) {
            text = text.dropLast(end.count).trimmed()
        }
        return text
    }

    /// Without backticks and link brackets: nobody types them.
    private static func plain(_ text: String) -> String {
        var text = text
        text.removeAll { "`".contains($0) }
        for tag in ["{@link ", "{@code ", "<p>", "</p>", "<code>", "</code>", "<b>", "</b>"] {
            text = text.split(separator: tag, omittingEmptySubsequences: false).joined()
        }
        text.removeAll { $0 == "}" || $0 == "{" }
        return QuestionText.squeezed(text)
    }
}

extension Substring {
    /// Without white space at both ends.
    func trimmed() -> Substring {
        var text = self.drop(while: \.isWhitespace)
        while let last = text.last, last.isWhitespace { text = text.dropLast() }
        return text
    }
}
