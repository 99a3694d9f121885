import Hearth

/// A sentence of a Markdown document that links to files of the codebase as the question, those files as the answer.
public struct LinkQuestions: QuestionMaker {
    private static let fewestWords = 3
    private static let mostWords = 50

    public init() {}

    public func questions(in corpus: Corpus) -> QuestionHarvest {
        var harvest = QuestionHarvest()
        for file in corpus.files where file.language.name == "markdown" {
            for sentence in MarkdownSentences.all(in: file.text(0..<file.bytes.count)) where !sentence.links.isEmpty {
                let targets = Set(
                    sentence.links.compactMap { corpus[MarkdownLink.resolve($0.target, from: file.path) ?? ""]?.path })
                if targets.isEmpty { continue }
                guard !targets.contains(file.path) else {
                    harvest.leaveOut(.link, because: "leads to its own document")
                    continue
                }
                let text = QuestionText.first(Self.mostWords, of: sentence.text(naming: targets))
                guard QuestionText.contentWords(text).count >= Self.fewestWords else {
                    harvest.leaveOut(.link, because: "fewer than three words beside the link")
                    continue
                }
                harvest.questions.append(
                    EvaluationQuestion(
                        kind: .link, text: text, targets: targets.sorted().map { .init(path: $0) }, source: file.path))
            }
        }
        harvest.leaveOutDuplicates()
        return harvest
    }
}
