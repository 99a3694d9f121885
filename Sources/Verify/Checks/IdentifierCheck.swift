/// Whether every identifier of an answer stands in its sources, its question or the languages.
enum IdentifierCheck {
    static func failures(of observation: Observation) -> [CheckFailure] {
        guard let answer = observation.answer, observation.isOpenBook, observation.codebase != nil else { return [] }
        let sources = answer.origin.passages.map { ($0.path) + " " + (observation.text(of: $0) ?? "") }
        let known = Set((sources + [observation.ask.question]).flatMap(names)).union(keywords)
        let invented = Set(identifiers(in: answer.text)).subtracting(known).sorted()
        guard !invented.isEmpty else { return [] }
        return [CheckFailure("invents no identifier", "not in its sources: " + invented.joined(separator: ", "))]
    }

    /// Names that look like code: between backticks, or with an underscore or a capital inside.
    static func identifiers(in text: String) -> [String] {
        let pieces = SpanScan.withoutLanguages(text).split(separator: "`", omittingEmptySubsequences: false)
        return pieces.enumerated().flatMap { offset, piece in
            let isCode = offset % 2 == 1 && offset < pieces.count - 1
            return names(String(piece)).filter { isCode || looksLikeCode($0) }
        }
    }

    private static func names(_ text: String) -> [String] {
        let words = text.split(whereSeparator: { !$0.isPartOfName })
        return words.map(String.init).filter { $0.first?.isNumber == false }
    }

    private static func looksLikeCode(_ name: String) -> Bool {
        let inside = name.dropFirst().dropLast()
        if inside.contains("_") { return true }
        return name.contains { $0.isLowercase } && name.dropFirst().contains { $0.isUppercase }
    }

    private static let keywords: Set<String> = [
        "and", "as", "async", "await", "bool", "break", "case", "catch", "class", "const", "continue", "def", "do",
        "double", "else", "enum", "false", "False", "float", "for", "fn", "func", "function", "guard", "if", "import",
        "in", "init", "int", "Int", "is", "let", "match", "mut", "new", "nil", "None", "not", "null", "or", "pass",
        "print", "private", "protocol", "public", "return", "self", "Self", "static", "str", "String", "struct",
        "switch", "this", "throw", "throws", "true", "True", "try", "var", "void", "where", "while", "with", "yield",
    ]
}
