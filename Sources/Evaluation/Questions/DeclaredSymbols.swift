import Hearth

/// What a codebase declares, and how often.
struct DeclaredSymbols {
    struct Symbol {
        let declaration: Declaration
        let path: String
        /// Where its name stands.
        let line: Int
        let separator: String

        /// The name with what encloses it; `nil` at the top level.
        var qualified: String? { declaration.enclosing.map { $0 + separator + declaration.name } }

        func question(_ kind: QuestionKind, _ text: String) -> EvaluationQuestion {
            EvaluationQuestion(kind: kind, text: text, targets: [.init(path: path, lines: line...line)])
        }
    }

    /// Functions and types outside of tests.
    let wanted: [Symbol]
    /// All names in their order, those of tests and values, too: each declaration once.
    private let names: [String]
    private let counts: [String: Int]
    private let qualifiedCounts: [String: Int]
    private let wordCounts: [String: Int]

    init(_ corpus: Corpus) {
        var (wanted, names): ([Symbol], [String]) = ([], [])
        var (qualified, words): ([String: Int], [String: Int]) = ([:], [:])
        for file in corpus.files where file.language.kind == .code {
            for declaration in Declaration.all(in: file) where declaration.kind != .typeExtension {
                names.append(declaration.name)
                qualified["\(declaration.enclosing ?? "").\(declaration.name)", default: 0] += 1
                words[IdentifierWords.split(declaration.name).joined(separator: " "), default: 0] += 1
                guard !file.isTest, declaration.kind == .function || declaration.kind == .type else { continue }
                wanted.append(
                    Symbol(
                        declaration: declaration, path: file.path, line: Self.line(of: declaration, in: file),
                        separator: ["rust", "cpp"].contains(file.language.name) ? "::" : "."))
            }
        }
        self.wanted = wanted
        self.names = names.sorted()
        counts = Dictionary(names.map { ($0, 1) }, uniquingKeysWith: +)
        qualifiedCounts = qualified
        wordCounts = words
    }

    func isDeclared(_ name: String) -> Bool { counts[name] != nil }
    func isOnly(_ name: String) -> Bool { counts[name] == 1 }
    func isOnlyInWords(_ words: [String]) -> Bool { wordCounts[words.joined(separator: " ")] == 1 }

    func isOnlyQualified(_ symbol: Symbol) -> Bool {
        qualifiedCounts["\(symbol.declaration.enclosing ?? "").\(symbol.declaration.name)"] == 1
    }

    /// Whether exactly one declaration's name begins so.
    func isOnlyBeginning(_ prefix: String) -> Bool {
        var low = 0
        var high = names.count
        while low < high {
            let middle = (low + high) / 2
            if names[middle] < prefix { low = middle + 1 } else { high = middle }
        }
        return names[low...].prefix { $0.hasPrefix(prefix) }.count == 1
    }

    /// Attributes and decorators may stand on the lines before the name.
    private static func line(of declaration: Declaration, in file: SourceFile) -> Int {
        let name = Array(declaration.name.utf8)
        let text = file.bytes[declaration.bytes]
        let found = text.firstRange(of: name)?.lowerBound ?? declaration.bytes.lowerBound
        return file.line(at: found)
    }
}
