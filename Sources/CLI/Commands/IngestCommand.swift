import ArgumentParser
import FoundationEssentials
import Hearth
import ServiceLifecycle
import UnixSignals

struct IngestCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ingest",
        abstract: "Takes a folder of code, or s3://…, into a project, or brings the project up to date.",
        discussion: """
            What has not changed costs nothing: only new text is embedded. Interrupt it when you like and run it again.
            """)

    @OptionGroup var options: GlobalOptions
    @Argument(
        help: "The folder, s3://bucket/folder, or s3://bucket/key.tar.gz. Without it, --project is brought up to date.")
    var folder: String?
    @Option(help: "The project's name (default: the folder's).") var project: String?
    @Option(help: "Skip what matches this .gitignore pattern. Repeatable.") var ignore: [String] = []
    @Option(
        help: ArgumentHelp(
            "What makes its vectors from now on: minilm, ollama/<model> or openai/<model>.",
            discussion: "While the new index is built, the old one answers.", valueName: "encoder"))
    var encoder: String?
    @Flag(help: "Print one JSON document at the end.") var json = false

    private struct Result: Encodable {
        let project: ProjectID
        let report: ReconcileReport
        let counts: IngestProgress.Counts
        let index: IndexStatistics
        let seconds: Double
    }

    func run() async throws {
        let composition = try await Composition(options.load())
        try await composition.stores.running { _ in try await run(composition) }
    }

    private func run(_ composition: Composition) async throws {
        let choice = try encoder.map(EncoderChoice.named)
        var project = try await resolve(composition)
        if let choice { project = try await composition.choose(choice, for: project) }
        let ingestion = Ingestion(composition: composition, project: project, isQuiet: json)
        let group = ServiceGroup(
            configuration: .init(
                services: [
                    .init(
                        service: ingestion, successTerminationBehavior: .gracefullyShutdownGroup,
                        failureTerminationBehavior: .gracefullyShutdownGroup)
                ],
                gracefulShutdownSignals: [.sigint, .sigterm], logger: composition.stores.logger))
        try await group.run()
        let outcome = try await ingestion.outcome()
        if json {
            try JSONOutput.write(
                Result(
                    project: project.id, report: outcome.report, counts: ingestion.progress.current,
                    index: outcome.statistics, seconds: ingestion.progress.seconds))
        } else {
            report(outcome, progress: ingestion.progress, project: project)
        }
        guard outcome.report.isComplete else {
            let left = Self.left(outcome.report)
            if ingestion.wasInterrupted {
                Terminal.error.line("Interrupted: \(left) left. Run this again to go on.")
                throw ExitCode(130)
            }
            Terminal.error.line(
                Terminal.error.red("\(left) not done.")
                    + " `hearth tasks dead-letters --topic ingest` tells why; run this again to try again.")
            throw ExitCode(1)
        }
    }

    /// For example `3 files and 120 vectors are`.
    private static func left(_ report: ReconcileReport) -> String {
        let files = report.changed + report.deleted
        let parts = [(files, "file"), (report.unembedded, "vector")].filter { $0.0 > 0 }
        let text = parts.map { "\($0.0) \($0.1)\($0.0 == 1 ? "" : "s")" }.joined(separator: " and ")
        return text + (files + report.unembedded == 1 ? " is" : " are")
    }

    private func resolve(_ composition: Composition) async throws -> Project {
        guard let folder else {
            guard let project else {
                throw ConfigurationError("Name a folder to ingest, or a --project to bring up to date.")
            }
            return try await composition.stores.project(named: project)
        }
        let path = try source(folder)
        let name = project ?? Self.name(of: path)
        guard let id = project == nil ? ProjectID.suggested(for: name) : ProjectID(rawValue: name) else {
            throw ConfigurationError(
                "'\(name)' cannot be a project's name: use lower-case letters, digits, '-', '_' and '.'. Set --project."
            )
        }
        let known = try await composition.stores.timeline.project(id)
        if let other = known, other.source != path {
            throw ConfigurationError(
                "Project '\(id)' is \(other.source). Give this folder another name with --project, "
                    + "or remove the other: hearth projects remove \(id)")
        }
        var project = known ?? Project(id: id, source: path)
        if !ignore.isEmpty { project.settings.ignore = ignore }
        // A source that was mistyped makes no project, which would then be in the way of the right one.
        if known == nil { try await composition.sources.check(project) }
        try await composition.stores.timeline.save(project)
        return project
    }

    /// What the project's source is to be.
    private func source(_ folder: String) throws -> String {
        if ObjectLocation.isMeant(by: folder) {
            guard let place = ObjectLocation(folder) else {
                throw ConfigurationError(
                    "'\(folder)' is no source. Give s3://bucket/folder, s3://bucket/key.tar.gz or s3://bucket/key.zip.")
            }
            return place.description
        }
        let path = DataDirectory.absolute(folder)
        var isFolder = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), isFolder else {
            throw ConfigurationError("\(path) is no folder. Give the folder that holds the code.")
        }
        return path
    }

    /// The last name of the source, without what says that it is an archive.
    private static func name(of source: String) -> String {
        var name = source.split(separator: "/").last ?? "root"
        if case .archive? = ObjectLocation(source)?.tree {
            for suffix in [".tar.gz", ".tgz", ".zip"] where name.hasSuffix(suffix) {
                name = name.dropLast(suffix.count)
            }
        }
        return String(name)
    }

    private func report(_ outcome: Ingestion.Outcome, progress: IngestProgress, project: Project) {
        let counts = progress.current
        let terminal = Terminal.output
        let report = outcome.report
        terminal.line(
            "Project \(terminal.bold(project.id.rawValue)): \(outcome.statistics.documents) files, "
                + "\(outcome.statistics.passages) chunks.")
        // By the last look at the source, what was done by now is unchanged, too.
        let unchanged = max(0, report.unchanged - counts.documents)
        let speed = progress.seconds > 0 ? Double(counts.bytes) / 1024 / progress.seconds : 0
        terminal.line(
            "\(counts.documents) files done in \(IngestProgress.duration(progress.seconds)) "
                + "(\(counts.embedded) chunks embedded, \(Int(speed)) KB/s), \(unchanged) unchanged, "
                + "\(counts.removed) removed.")
        let skipped = report.skipped.sorted { $0.key.rawValue < $1.key.rawValue }
        if !skipped.isEmpty {
            terminal.line("Skipped: " + skipped.map { "\($0.value) \($0.key.rawValue)" }.joined(separator: ", ") + ".")
        }
        if counts.maskedSecrets > 0 {
            terminal.line("Masked \(counts.maskedSecrets) secrets: they are neither embedded nor stored.")
        }
        if report.listed == 0 { terminal.line(terminal.yellow("There is no file to index in \(project.source).")) }
    }
}
