import ArgumentParser
import Hearth

struct SearchCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "search", abstract: "Finds passages of a project, without writing an answer.")

    @OptionGroup var options: GlobalOptions
    @Argument(help: "What to look for: words, a symbol, a question.") var query: String
    @Option(help: "The project.") var project: String?
    @Option(help: "How many passages.") var limit = 8
    @Option(help: "Only paths that begin so.") var path: String?
    @Option(help: "Only this language. Repeatable.") var language: [String] = []
    @Flag(help: "Print JSON, with text and score parts.") var json = false

    private struct Row: Encodable {
        let passage: Passage
        let score: Double
        let parts: [String: Double]
    }

    func run() async throws {
        guard (1...200).contains(limit) else { throw ConfigurationError("--limit must be between 1 and 200.") }
        let composition = try await Composition(options.load())
        let project = try await composition.stores.project(orOnly: project)
        let filter = PassageFilter(pathPrefix: path, languages: Set(language))
        guard let found = try await composition.retriever.retrieve(query, filter: filter, limit: limit, in: project)
        else {
            throw ConfigurationError(
                "Project '\(project.id)' has no index yet. Run: hearth ingest --project \(project.id)")
        }
        if json {
            return try JSONOutput.write(
                found.passages.map { Row(passage: $0.passage, score: $0.score, parts: $0.parts) })
        }
        let terminal = Terminal.output
        if let reason = found.lexicalOnly {
            Terminal.error.line(Terminal.error.yellow(reason))
        }
        if found.passages.isEmpty { return terminal.line("Nothing found.") }
        for (rank, entry) in found.passages.enumerated() {
            let passage = entry.passage
            let place = "\(passage.path):\(passage.lines.lowerBound)-\(passage.lines.upperBound)"
            terminal.line("\(rank + 1). \(terminal.bold(place))  \(terminal.dim(passage.symbol))")
            for line in passage.text.split(separator: "\n").prefix(3) {
                terminal.line("   " + String(line.prefix(max(20, terminal.width - 4))))
            }
        }
    }
}
