import Hearth

/// A function's documentation as the question, the function as the answer. What is searched has no documentation.
public struct DocstringQuestions: QuestionMaker {
    /// Fewer words say too little to find anything by.
    private static let fewestWords = 3
    private static let mostWords = 60
    /// Shorter functions, such as accessors, are of equal text too often.
    private static let fewestLines = 3
    private static let notes = [
        "mark", "todo", "fixme", "swiftlint", "eslint", "pylint", "noqa", "nolint", "spdx", "copyright", "license",
        "- mark", "generated", "clang-format", "prettier", "region", "endregion",
    ]

    public init() {}

    public func questions(in corpus: Corpus) -> QuestionHarvest {
        var harvest = QuestionHarvest()
        for file in corpus.code {
            for declaration in Declaration.all(in: file)
            where declaration.kind == .function && !declaration.documentation.isEmpty {
                switch question(declaration, in: file) {
                case .success(let question): harvest.questions.append(question)
                case .failure(let reason): harvest.leaveOut(.docstring, because: reason.text)
                }
            }
        }
        harvest.leaveOutDuplicates()
        return harvest
    }

    private struct Reason: Error { let text: String }

    private func question(_ declaration: Declaration, in file: SourceFile) -> Result<EvaluationQuestion, Reason> {
        let lines = file.lines(of: declaration.bytes)
        let inside = declaration.documentation.filter { declaration.bytes.contains($0.lowerBound) }
        let documented = inside.reduce(0) { $0 + file.lines(of: $1).count }
        guard lines.count - documented >= Self.fewestLines else { return .failure(Reason(text: "short function")) }
        let comment = declaration.documentation.map { file.text($0) }.joined(separator: "\n")
        guard let text = DocumentationText.summary(of: comment) else { return .failure(Reason(text: "no sentence")) }
        guard !Self.notes.contains(where: text.lowercased().hasPrefix) else {
            return .failure(Reason(text: "a note, no documentation"))
        }
        // Go begins documentation with the function's name by custom.
        let words = text.split(separator: " ")
        let isNamedFirst = words.first.map { $0.lowercased() == declaration.name.lowercased() } ?? false
        let question = QuestionText.first(
            Self.mostWords, of: words.dropFirst(isNamedFirst ? 1 : 0).joined(separator: " "))
        guard QuestionText.contentWords(question).count >= Self.fewestWords else {
            return .failure(Reason(text: "fewer than three words"))
        }
        guard !QuestionText.names(declaration.name, in: question) else {
            return .failure(Reason(text: "names the function"))
        }
        return .success(
            EvaluationQuestion(
                kind: .docstring, text: question, targets: [.init(path: file.path, lines: lines)]))
    }
}
