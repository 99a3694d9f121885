/// What ranking looks at in a question, found once for all passages.
public struct QuestionTerms: Sendable {
    /// An identifier as it is written in the question.
    struct Token: Hashable, Sendable {
        let text: String
        let key: String
        /// Whether it is written as names are in code, not as words are in prose.
        let looksLikeCode: Bool
    }

    let tokens: [Token]
    /// The words of the question, those of identifiers one by one, in order and in lower case.
    let sequence: [String]
    /// The same, each once.
    public let words: Set<String>
    /// Keys of the names that are written out.
    let names: Set<String>
    /// The same as they are written.
    let spellings: Set<String>
    /// The names of files that are written out with their ending, in lower case.
    let files: Set<String>
    /// Whether the question is but a name, or the words of one.
    let isName: Bool
    /// The words of the question as one name, if it has no more than a name has.
    let spelledOut: String?
    /// The names that the question may mean, the surest first.
    let lookups: [NameLookup]

    /// Names are looked for in so many words at most: what a question is about stands at its beginning.
    private static let longest = 24
    private static let wordsOfAName = 2...5

    public init(_ question: String) {
        let tokens = Self.tokens(of: question)
        let sequence = IdentifierWords.split(question)
        let isName = tokens.count <= 2 || !question.contains(where: \.isWhitespace)
        self.tokens = tokens
        self.sequence = sequence
        self.isName = isName
        words = Set(sequence)
        let named = tokens.filter { $0.looksLikeCode || isName }
        names = Set(named.map(\.key))
        spellings = Set(named.map(\.text))
        files = Set(
            question.split(whereSeparator: { $0.isWhitespace || "/,;?!\"'`()[]{}<>".contains($0) })
                .filter { $0.dropFirst().dropLast().contains(".") }.map { $0.lowercased() })
        spelledOut = Self.wordsOfAName.contains(sequence.count) ? sequence.joined() : nil
        var lookups = tokens.prefix(Self.longest).filter { ($0.looksLikeCode || isName) && $0.key.count > 1 }
            .map { NameLookup(key: $0.key, reach: isName ? .beginning : .oneError) }
        lookups += Self.joined(Array(sequence.prefix(Self.longest))).map { NameLookup(key: $0, reach: .whole) }
        var seen: Set<String> = []
        self.lookups = lookups.filter { seen.insert($0.key).inserted }
    }

    /// The keys of all ``lookups``, each once.
    var nameKeys: [String] {
        var seen: Set<String> = []
        return lookups.flatMap(\.keys).filter { seen.insert($0).inserted }
    }

    /// Whether all words of an identifier are among those of the question; one word alone proves nothing.
    func covers(_ identifier: some StringProtocol) -> Bool {
        let parts = IdentifierWords.split(identifier)
        return parts.count > 1
            && parts.allSatisfy { part in words.contains(part) || words.contains { Self.sameStem(part, $0) } }
    }

    /// Neighbouring words as the names that they may be: `set output` is `setOutput`.
    private static func joined(_ words: [String]) -> [String] {
        wordsOfAName.flatMap { count in
            words.count < count
                ? [] : (0...(words.count - count)).map { words[$0..<($0 + count)].joined() }.filter { $0.count >= 6 }
        }
    }

    private static func tokens(of question: String) -> [Token] {
        var tokens: [Token] = []
        let marked = question.split(separator: "`", omittingEmptySubsequences: false)
        for (number, part) in marked.enumerated() {
            var rest = part[...]
            while let start = rest.firstIndex(where: { $0.isLetter || $0 == "_" || $0 == "$" }) {
                let token = rest[start...].prefix { $0.isLetter || $0.isNumber || $0 == "_" || $0 == "$" }
                let before = start > part.startIndex ? part[part.index(before: start)] : " "
                let after = part[token.endIndex...]
                rest = after
                let key = DeclaredName.key(of: token)
                guard !key.isEmpty else { continue }
                let isQuoted = number % 2 == 1 && number + 1 < marked.count
                let isPart = before == "." || before == ":" || after.startsName
                let looksLikeCode = isQuoted || isPart || isCodeLike(token, isFirst: tokens.isEmpty)
                tokens.append(Token(text: String(token), key: key, looksLikeCode: looksLikeCode))
            }
        }
        return tokens
    }

    /// A sentence's first word has a capital letter, whatever it is.
    private static func isCodeLike(_ token: Substring, isFirst: Bool) -> Bool {
        token.dropFirst().dropLast().contains("_") || token.dropFirst().contains { $0.isUppercase }
            || (!isFirst && token.first?.isUppercase == true && token.count > 3)
    }

    /// English endings do not separate `retries` from `retry`.
    private static func sameStem(_ left: String, _ right: String) -> Bool {
        if left == right { return true }
        let common = zip(left, right).prefix { $0 == $1 }.count
        return common >= 4 && max(left.count, right.count) - common <= 3
    }
}

extension Substring {
    /// Whether what stands before is called, or qualifies what follows: `(`, `.name`, `::name`.
    fileprivate var startsName: Bool {
        if first == "(" { return true }
        let rest = hasPrefix("::") ? dropFirst(2) : first == "." ? dropFirst() : ""
        return rest.first.map { $0.isLetter || $0 == "_" } ?? false
    }
}
