import Hearth

/// A test as the question, the file that it tests as the answer.
public struct TestQuestions: QuestionMaker {
    private static let mostOfAFile = 3
    private static let mostLines = 30
    private static let fewestLines = 3
    private static let fewestWords = 5

    public init() {}

    public func questions(in corpus: Corpus) -> QuestionHarvest {
        var harvest = QuestionHarvest()
        let tested = Dictionary(grouping: corpus.code) { TestNames.subject(of: $0.stem) }
        for file in corpus.files where file.isTest && file.language.kind == .code {
            guard let subject = subject(of: file, among: tested) else {
                harvest.leaveOut(.test, because: "no one file is called as the test says")
                continue
            }
            let texts = tests(in: file).filter { QuestionText.contentWords($0).count >= Self.fewestWords }
            if texts.isEmpty { harvest.leaveOut(.test, because: "no test of some length") }
            for text in texts.prefix(Self.mostOfAFile) {
                harvest.questions.append(
                    EvaluationQuestion(kind: .test, text: text, targets: [.init(path: subject)], source: file.path))
            }
        }
        harvest.leaveOutDuplicates()
        return harvest
    }

    /// The file that a test's name speaks of; of several the one in the nearest folder, `nil` if two are as near.
    private func subject(of test: SourceFile, among tested: [String: [SourceFile]]) -> String? {
        let name = TestNames.subject(of: test.stem)
        guard !name.isEmpty, let files = tested[name] else { return nil }
        let family = Self.family(test.language.name)
        let rated = files.filter { Self.family($0.language.name) == family }.map { file in
            (path: file.path, nearness: Self.nearness(file.path, test.path))
        }
        guard let best = rated.map(\.nearness).max() else { return nil }
        let nearest = rated.filter { $0.nearness == best }
        return nearest.count == 1 ? nearest[0].path : nil
    }

    private static func family(_ language: String) -> String {
        switch language {
        case "tsx", "typescript", "javascript": "javascript"
        case "c", "cpp": "c"
        default: language
        }
    }

    /// How many names of folders two paths share, wherever they stand: `src/net/a` is near to `tests/net/b`.
    private static func nearness(_ left: String, _ right: String) -> Int {
        let folders = { (path: String) in Set(path.split(separator: "/").dropLast()) }
        return folders(left).intersection(folders(right)).count
    }

    /// The test functions of a file; of one without functions its beginning.
    private func tests(in file: SourceFile) -> [String] {
        let functions = Declaration.all(in: file).filter { $0.kind == .function }
        let texts = functions.filter { file.lines(of: $0.bytes).count >= Self.fewestLines }.map { file.text($0.bytes) }
        return (texts.isEmpty ? [beginning(of: file)] : texts).map(shortened)
    }

    /// Lines from the first that imports nothing.
    private func beginning(of file: SourceFile) -> String {
        let lines = file.text(0..<file.bytes.count).split(separator: "\n")
        let marks = ["import ", "from ", "require(", "#include", "use ", "package ", "//", "/*", "*"]
        return lines.filter { line in !marks.contains { line.trimmed().hasPrefix($0) } && !line.contains("require(") }
            .prefix(Self.mostLines).joined(separator: "\n")
    }

    private func shortened(_ text: String) -> String {
        text.split(separator: "\n").prefix(Self.mostLines).map { String($0.trimmed()) }.joined(separator: "\n")
    }
}
