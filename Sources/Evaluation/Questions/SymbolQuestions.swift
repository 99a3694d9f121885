import Hearth

/// A symbol as the question, in five spellings, the place that declares it as the answer.
public struct SymbolQuestions: QuestionMaker {
    private static let shortestName = 4
    private static let shortestTypo = 6
    private static let shortestPrefix = 7
    /// What the language calls so, whatever it is.
    private static let given: Set<String> = [
        "constructor", "deinit", "init", "main", "new", "setUp", "tearDown", "toString", "equals", "hashCode",
    ]

    public init() {}

    public func questions(in corpus: Corpus) -> QuestionHarvest {
        var harvest = QuestionHarvest()
        let symbols = DeclaredSymbols(corpus)
        for symbol in symbols.wanted {
            let name = symbol.declaration.name
            guard name.count >= Self.shortestName, !name.hasPrefix("__"), !Self.given.contains(name) else {
                harvest.leaveOut(.symbolExact, because: "shorter than four letters, or a name that languages give")
                continue
            }
            if let text = symbol.qualified, symbols.isOnlyQualified(symbol) {
                harvest.questions.append(symbol.question(.symbolQualified, text))
            } else {
                harvest.leaveOut(.symbolQualified, because: "nothing around it, or declared twice")
            }
            guard symbols.isOnly(name) else {
                harvest.leaveOut(.symbolExact, because: "declared more than once")
                continue
            }
            harvest.questions.append(symbol.question(.symbolExact, name))
            if let text = split(name, symbols) { harvest.questions.append(symbol.question(.symbolSplit, text)) }
            if name.count >= Self.shortestTypo, let text = typo(name, symbols) {
                harvest.questions.append(symbol.question(.symbolTypo, text))
            }
            if let text = prefix(name, symbols) { harvest.questions.append(symbol.question(.symbolPrefix, text)) }
        }
        harvest.leaveOutDuplicates()
        return harvest
    }

    /// The words of a name of several, if no other name is made of the same.
    private func split(_ name: String, _ symbols: DeclaredSymbols) -> String? {
        let words = IdentifierWords.split(name)
        return words.count > 1 && symbols.isOnlyInWords(words) ? words.joined(separator: " ") : nil
    }

    /// The name with one wrong, missing, doubled or swapped letter that is not the first; which one depends on the name
    /// alone. `nil` if that makes another name.
    private func typo(_ name: String, _ symbols: DeclaredSymbols) -> String? {
        var random = SplitMix64(text: name)
        var letters = Array(name)
        let position = 1 + random.next(below: letters.count - 2)
        switch random.next(below: 4) {
        case 0: letters.remove(at: position)
        case 1: letters.insert(letters[position], at: position)
        case 2: letters.swapAt(position, position + 1)
        default:
            let alphabet = Array("abcdefghijklmnopqrstuvwxyz")
            letters[position] = alphabet[random.next(below: 26)]
        }
        let text = String(letters)
        return text == name || symbols.isDeclared(text) ? nil : text
    }

    /// The first three fifths of the name, if no other name begins so.
    private func prefix(_ name: String, _ symbols: DeclaredSymbols) -> String? {
        guard name.count >= Self.shortestPrefix else { return nil }
        let text = String(name.prefix(max(Self.shortestName, (name.count * 3 + 4) / 5)))
        return symbols.isOnlyBeginning(text) ? text : nil
    }
}
