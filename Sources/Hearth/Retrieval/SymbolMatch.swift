/// Raises passages that define what the question names.
///
/// Two thirds of the questions about code name a type, a function or a file. A passage whose symbol is named in the
/// question in full, or whose file is, is nearly always the answer, whatever the retrievers think of its text.
public struct SymbolMatch: Sendable, Hashable {
    /// Part of the best score that a full match adds.
    public var symbolBoost: Double
    public var fileBoost: Double
    /// What is left of both where the name is not written out but made of the question's words.
    public var wordShare: Double

    public init(symbolBoost: Double = 0.6, fileBoost: Double = 0.35, wordShare: Double = 0.25) {
        self.symbolBoost = symbolBoost
        self.fileBoost = fileBoost
        self.wordShare = wordShare
    }

    /// The same passages in a new order.
    public func rank(_ passages: [ScoredPassage], question: String) -> [ScoredPassage] {
        guard let best = passages.first?.score else { return [] }
        let named = Self.names(in: question)
        let words = Set(IdentifierWords.split(question))
        let ranked = passages.map { entry in
            var entry = entry
            // A passage may declare several things.
            let symbol = entry.passage.symbol.split(separator: ", ").reduce(0.0) { best, name in
                max(best, boost(symbol: name, named: named, words: words))
            }
            let file = boost(path: entry.passage.path, named: named, words: words)
            if symbol > 0 { entry.parts["symbolBoost"] = symbol }
            if file > 0 { entry.parts["fileBoost"] = file }
            entry.score += best * (symbol + file)
            return entry
        }
        return ranked.sorted { left, right in
            left.score != right.score ? left.score > right.score : left.passage.id < right.passage.id
        }
    }

    private func boost(symbol: Substring, named: Set<String>, words: Set<String>) -> Double {
        guard !symbol.isEmpty else { return 0 }
        let parts = symbol.split(separator: ".").map { part in part.prefix { $0 != "(" && $0 != "<" } }
        guard let last = parts.last else { return 0 }
        if named.contains(last.lowercased()) {
            let qualified = parts.dropLast().contains { named.contains($0.lowercased()) }
            return symbolBoost * (qualified ? 1.3 : 1)
        }
        let lastWords = IdentifierWords.split(last)
        guard lastWords.count > 1 else { return 0 }
        let covered = lastWords.filter { word in words.contains { Self.sameStem($0, word) } }.count
        return covered == lastWords.count ? symbolBoost * wordShare : 0
    }

    private func boost(path: String, named: Set<String>, words: Set<String>) -> Double {
        let file = path.split(separator: "/").last ?? ""
        let stem = file.prefix { $0 != "." }
        if named.contains(file.lowercased()) { return fileBoost * 2 }
        if stem.utf8.count > 2, named.contains(stem.lowercased()) { return fileBoost }
        let stemWords = IdentifierWords.split(stem)
        guard stemWords.count > 1 else { return 0 }
        let covered = stemWords.filter { word in words.contains { Self.sameStem($0, word) } }.count
        return covered == stemWords.count ? fileBoost * wordShare : 0
    }

    /// What a question names: every token that looks like code, in lower case.
    static func names(in question: String) -> Set<String> {
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
