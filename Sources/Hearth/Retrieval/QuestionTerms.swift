/// What rank features look at in a question, found once for all passages.
public struct QuestionTerms: Sendable {
    /// Every token that looks like code, in lower case.
    public let names: Set<String>
    /// The words of the question and of the identifiers in it, in lower case.
    public let words: Set<String>

    public init(_ question: String) {
        names = Self.names(in: question)
        words = Set(IdentifierWords.split(question))
    }

    /// Whether all words of an identifier are among those of the question; one word alone proves nothing.
    func covers(_ identifier: some StringProtocol) -> Bool {
        let parts = IdentifierWords.split(identifier)
        return parts.count > 1
            && parts.allSatisfy { part in words.contains(part) || words.contains { Self.sameStem(part, $0) } }
    }

    private static func names(in question: String) -> Set<String> {
        var names: Set<String> = []
        // What stands before a parenthesis is a call.
        for call in question.split(separator: "(", omittingEmptySubsequences: false).dropLast() {
            let name = call.reversed().prefix { $0.isLetter || $0.isNumber || $0 == "_" }.reversed()
            if !name.isEmpty { names.insert(String(name).lowercased()) }
        }
        for token in question.split(whereSeparator: { $0.isWhitespace || ",;?!\"'`()[]{}<>".contains($0) }) {
            let trimmed = token.trimmingPunctuation()
            let parts = [trimmed] + trimmed.split(separator: ".").filter { $0.count > 1 }
            for part in parts where isCodeLike(part) || trimmed.contains(".") || token != trimmed {
                names.insert(part.lowercased())
            }
        }
        for quoted in question.split(separator: "`", omittingEmptySubsequences: false).enumerated()
        where quoted.offset % 2 == 1 {
            names.insert(quoted.element.prefix { $0 != "(" }.lowercased())
        }
        return names
    }

    private static func isCodeLike(_ token: Substring) -> Bool {
        token.contains("_") || token.dropFirst().contains { $0.isUppercase }
            || (token.first?.isUppercase == true && token.dropFirst().contains { $0.isLowercase } && token.count > 3)
    }

    /// English endings do not separate `retries` from `retry`.
    private static func sameStem(_ left: String, _ right: String) -> Bool {
        if left == right { return true }
        let common = zip(left, right).prefix { $0 == $1 }.count
        return common >= 4 && max(left.count, right.count) - common <= 3
    }
}

extension Substring {
    fileprivate func trimmingPunctuation() -> Substring {
        var text = self
        while let last = text.last, ".:".contains(last) { text = text.dropLast() }
        while let first = text.first, ".:".contains(first) { text = text.dropFirst() }
        return text
    }
}
