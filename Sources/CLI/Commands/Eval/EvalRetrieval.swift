import ArgumentParser
import Evaluation
import FoundationEssentials

struct EvalRetrieval: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "retrieval",
        abstract: "Asks a codebase questions whose answers it holds itself, and measures what is found.",
        discussion: """
            Questions are made of documentation, commits, symbols, error texts, tests and links; no labels, no network. The \
            same code and seed give the same report apart from its times. The index is a temporary one; projects stay as \
            they are.
            """)

    @OptionGroup var options: GlobalOptions
    @Argument(help: "A folder, best a git repository, or a project.") var source: String
    @Option(
        help: ArgumentHelp(
            "Kinds of questions, with commas: \(QuestionKind.allCases.map(\.rawValue).joined(separator: ", ")).",
            discussion: "symbol stands for all five of symbols, all for everything.", valueName: "kinds"))
    var kinds = "all"
    @Option(help: "The most questions of a kind.") var questions = 300
    @Option(help: "Draws other questions.") var seed: UInt64 = 1
    @Option(help: ArgumentHelp("Compare with an earlier run, pair by pair.", valueName: "report.json"))
    var compare: String?
    @Option(help: ArgumentHelp("Keep vectors here: the next run computes only what is new.", valueName: "folder"))
    var cache: String?
    @Option(help: ArgumentHelp("Write the report to this file, too.", valueName: "file")) var save: String?
    @Flag(help: "Print the report as JSON.") var json = false

    func run() async throws {
        guard (1...100_000).contains(questions) else {
            throw ConfigurationError("--questions must be between 1 and 100000.")
        }
        let request = EvaluationReport.Request(questions: questions, seed: seed, kinds: try wanted())
        let before = try compare.map(ReportFile.read)
        let configuration = try await options.load()
        let source = try await EvaluationSource(source, configuration)
        let display = EvaluationProgress()
        var report = try await EvaluationComposition(configuration)
            .evaluate(source, request, cache: cache, progress: display.show)
        display.finish()
        if let before { report.comparison = try RunComparison(before: before, now: report) }
        if let save { try ReportFile.write(report, to: save) }
        if json { return try JSONOutput.write(report) }
        let printer = ReportPrinter()
        printer.show(report)
        if let comparison = report.comparison { printer.show(comparison) }
    }

    /// Each kind once, in the order of the report.
    private func wanted() throws -> [QuestionKind] {
        var wanted: Set<QuestionKind> = []
        for name in kinds.split(separator: ",").map({ $0.filter { $0 != " " } }) {
            let named = QuestionKind.named(name)
            guard !named.isEmpty else {
                let known = QuestionKind.allCases.map(\.rawValue) + ["symbol", "all"]
                let hint = Spelling.suggestion(for: name, among: known).map { " Did you mean \($0)?" } ?? ""
                throw ConfigurationError(
                    "There is no kind of questions '\(name)'.\(hint) Known: \(known.joined(separator: ", ")).")
            }
            wanted.formUnion(named)
        }
        guard !wanted.isEmpty else { throw ConfigurationError("--kinds names no kind of questions.") }
        return QuestionKind.allCases.filter(wanted.contains)
    }
}
