/// Looks for whole words and numbers in a text.
struct AnswerText: Sendable {
    let text: String
    /// The text with digits that are grouped (`4,817,223`, `4_817_223`) put together.
    private let ungrouped: String

    init(_ text: String) {
        self.text = text
        ungrouped = Self.ungrouped(text)
    }

    /// Whether `word` stands there, and not as a part of a longer word or number.
    func says(_ word: String) -> Bool {
        Self.holds(word, in: text) || (word.allSatisfy(\.isNumber) && Self.holds(word, in: ungrouped))
    }

    static func ungrouped(_ text: String) -> String {
        let letters = Array(text)
        var kept = ""
        for (index, letter) in letters.enumerated() {
            let isGroup =
                ",_'\u{2009}\u{202F}".contains(letter) && index > 0 && letters[index - 1].isASCIIDigit
                && letters[(index + 1)...].prefix(3).filter(\.isASCIIDigit).count == 3
            if !isGroup { kept.append(letter) }
        }
        return kept
    }

    private static func holds(_ word: String, in text: String) -> Bool {
        guard !word.isEmpty else { return false }
        return text.ranges(of: word).contains { range in
            let before = range.lowerBound == text.startIndex ? nil : text[text.index(before: range.lowerBound)]
            let after = range.upperBound == text.endIndex ? nil : text[range.upperBound]
            return !(before?.isPartOfName ?? false) && !(after?.isPartOfName ?? false)
        }
    }
}

extension Character {
    var isASCIIDigit: Bool { isASCII && isNumber }
    var isPartOfName: Bool { isLetter || isNumber || self == "_" }
}
