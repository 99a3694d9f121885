import Hearth

/// Turns what stands in sources into what a person would ask.
enum QuestionText {
    private static let stopWords: Set<String> = [
        "a", "an", "and", "are", "as", "at", "be", "by", "can", "do", "does", "for", "from", "has", "have", "if", "in",
        "is", "it", "its", "may", "more", "new", "no", "not", "of", "on", "or", "so", "some", "than", "that", "the",
        "their", "them", "then", "there", "these", "they", "this", "to", "use", "used", "was", "when", "where", "which",
        "will", "with", "you", "your", "see", "also", "e", "g", "i",
    ]

    /// Words that say something, in lower case: of letters, and not only grammar.
    static func contentWords(_ text: some StringProtocol) -> [String] {
        IdentifierWords.split(text).filter { word in
            word.count > 1 && !stopWords.contains(word) && word.unicodeScalars.contains { $0.properties.isAlphabetic }
        }
    }

    /// One space between words.
    static func squeezed(_ text: some StringProtocol) -> String {
        text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    }

    /// At most so many words.
    static func first(_ count: Int, of text: String) -> String {
        text.split(separator: " ").prefix(count).joined(separator: " ")
    }

    /// Whether an identifier stands in the text as a word of its own, in any case.
    static func names(_ identifier: String, in text: String) -> Bool {
        let wanted = identifier.lowercased()
        return text.lowercased().split { !($0.isLetter || $0.isNumber || $0 == "_") }.contains { $0 == wanted }
    }
}
