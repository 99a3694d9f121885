import Hearth

/// The words of a question that can be found in code, and how much each says.
struct QuestionTerms: Sendable, Hashable {
    /// By the word's stem.
    let weights: [String: Double]
    /// What the question names in code: `parseTree`, `read_file`, `Parser.next`; lower case, last components too.
    let names: Set<String>

    private static let genericWeight = 0.25
    private static let earlierWeight = 0.4
    private static let nameWeight = 2.0

    /// - Parameter earlier: the conversation's questions before, which say what "it" is.
    init(question: String, earlier: [String]) {
        names = Self.names(in: question)
        var weights: [String: Double] = [:]
        for word in earlier.flatMap({ IdentifierWords.split($0) }) where Self.counts(word) {
            weights[WordStem.of(word)] = Self.generic.contains(word) ? nil : Self.earlierWeight
        }
        for word in IdentifierWords.split(question) where Self.counts(word) {
            let weight = Self.generic.contains(word) ? Self.genericWeight : names.contains(word) ? Self.nameWeight : 1
            weights[WordStem.of(word)] = max(weight, weights[WordStem.of(word)] ?? 0)
        }
        self.weights = weights
    }

    /// The stems of a text's words that the question has.
    func found(in text: some StringProtocol) -> Set<String> {
        var found: Set<String> = []
        for word in IdentifierWords.split(text) {
            let stem = WordStem.of(word)
            if weights[stem] != nil { found.insert(stem) }
        }
        return found
    }

    /// The part of the question's weight that these stems are.
    func share(of stems: Set<String>) -> Double {
        let total = weights.values.reduce(0, +)
        return total > 0 ? stems.reduce(0) { $0 + (weights[$1] ?? 0) } / total : 0
    }

    var asksForTests: Bool { weights["test"] != nil }

    private static func counts(_ word: String) -> Bool {
        !stopWords.contains(word) && (word.utf8.count > 1 || word.utf8.first.map { $0 > 127 } == true)
    }

    private static func names(in question: String) -> Set<String> {
        var names: Set<String> = []
        let tokens = question.split { $0.isWhitespace || ",;?!\"'[]{}<>".contains($0) }
        for (offset, token) in tokens.enumerated() {
            let isMarked = token.contains("`") || token.contains("(")
            let bare = token.prefix { $0 != "(" }.filter { $0 != "`" && $0 != ")" }
            let parts = bare.split(separator: ".")
            let isCapitalised = offset > 0 && bare.first?.isUppercase == true && !stopWords.contains(bare.lowercased())
            let isName = isMarked || isCapitalised || parts.count > 1 || parts.contains(where: looksLikeCode)
            guard isName else { continue }
            for part in parts where part.utf8.count > 1 { names.insert(part.lowercased()) }
        }
        return names
    }

    private static func looksLikeCode(_ word: Substring) -> Bool {
        word.contains("_") || word.dropFirst().contains { $0.isUppercase }
    }

    /// Words of questions that no passage is about.
    private static let stopWords: Set<String> = Set(
        """
        a an and any are as at be been before but by can could did do does doing done each explain exactly find for \
        from get gets give given had has have how i if in into is it its just let like list many may me might mean \
        means much must my need needs no not of on one or our please shall she should show so some tell than that the \
        their them then there these they this those through to up us was way we were what when where whether which \
        while who whose why will with would you your s t here about after also all am because between both during \
        every he her his happen happens inside me more most other out over own same such too under until very via
        """.split(separator: " ").map(String.init))

    /// Words of most questions about code: weak hints.
    private static let generic: Set<String> = Set(
        """
        call called calls class classes code codebase declared define defined defines definition directory file files \
        folder function functions implement implementation implemented implements line lines located method methods \
        module name named names place project repo repository responsible source struct type types use used uses \
        using work works written
        """.split(separator: " ").map(String.init))
}
