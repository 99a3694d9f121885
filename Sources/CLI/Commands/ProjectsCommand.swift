import ArgumentParser
import FoundationEssentials
import Hearth

struct ProjectsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "projects", abstract: "Lists, changes and removes projects.",
        subcommands: [List.self, ChooseEncoder.self, Remove.self], defaultSubcommand: List.self)

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Lists the projects.")

        @OptionGroup var options: GlobalOptions
        @Flag(help: "Print JSON.") var json = false

        private struct Row: Encodable {
            let project: Project
            let index: IndexStatistics?
            let generation: IndexGeneration.Name?
        }

        func run() async throws {
            let stores = try await StoreComposition(options.load())
            var rows: [Row] = []
            for project in try await stores.timeline.projects() {
                let active = try await stores.index.active(of: project.id)
                var statistics: IndexStatistics?
                if let active { statistics = try await stores.index.statistics(of: active) }
                rows.append(Row(project: project, index: statistics, generation: active?.generation))
            }
            if json { return try JSONOutput.write(rows) }
            guard !rows.isEmpty else {
                return Terminal.output.line("There is no project yet. Make one: hearth ingest <folder>")
            }
            var table = TextTable("PROJECT", "FILES", "CHUNKS", "ENCODER", "UP TO DATE AT", "SOURCE")
            for row in rows {
                table.add(
                    row.project.id.rawValue, row.index.map { "\($0.documents)" } ?? "-",
                    row.index.map { "\($0.passages)" } ?? "-", row.project.settings.encoder?.description ?? "-",
                    row.project.reconciledAt.map { $0.formatted(.iso8601) } ?? "never", row.project.source)
            }
            Terminal.output.line(table.text)
        }
    }

    struct ChooseEncoder: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "encoder", abstract: "Chooses what makes a project's vectors.",
            discussion: "The new index is built beside the old one, which answers until the new one is complete.")

        @OptionGroup var options: GlobalOptions
        @Argument(help: "The project.") var name: String
        @Argument(help: "minilm, ollama/<model> or openai/<model>.") var encoder: String

        func run() async throws {
            let choice = try EncoderChoice.named(encoder)
            let composition = try await Composition(options.load())
            let project = try await composition.choose(choice, for: composition.stores.project(named: name))
            Terminal.output.line(
                "Project \(project.id) is embedded with \(project.settings.encoder?.pinned?.description ?? encoder). "
                    + "`hearth serve` builds its index, or now: hearth ingest --project \(project.id)")
        }
    }

    struct Remove: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Removes a project: its index, sessions, messages and archive. The source is not touched.")

        @OptionGroup var options: GlobalOptions
        @Argument(help: "The project.") var name: String

        func run() async throws {
            let stores = try await StoreComposition(options.load())
            guard let id = ProjectID(rawValue: name), try await stores.timeline.project(id) != nil else {
                throw ConfigurationError("There is no project '\(name)'. `hearth projects` lists them.")
            }
            try await stores.running { try await $0.eraser.erase(id) }
            Terminal.output.line("Removed project \(id).")
        }
    }
}
