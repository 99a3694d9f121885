import ArgumentParser
import Backends
import Hearth
import Logging
import ServiceLifecycle
import UnixSignals

struct PushCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "push",
        abstract: "Uploads a folder of code to an object store.",
        discussion: """
            Ignore files are honoured, unchanged files are skipped. Interrupt it when you like and run it again. \
            Then: hearth ingest s3://bucket/folder
            """)

    @OptionGroup var options: GlobalOptions
    @Argument(help: "The folder.") var folder: String
    @Argument(help: "Where to: s3://bucket or s3://bucket/folder.") var target: String
    @Flag(help: "Remove from the bucket's folder what this one does not have, or ignores.") var delete = false
    @Flag(help: "Only say what would be done.") var dryRun = false
    @Option(help: "Skip what matches this .gitignore pattern. Repeatable.") var ignore: [String] = []
    @Flag(help: "Print one JSON document at the end.") var json = false

    func run() async throws {
        let configuration = try await options.load()
        let push = try TreePush(
            root: DataDirectory.absolute(folder), target: target, client: try S3Settings.client(configuration),
            ignore: ignore)
        let service = Push(push: push, deletes: delete, isRehearsal: dryRun, isQuiet: json)
        var logger = Logger(label: "hearth", factory: { StreamLogHandler.standardError(label: $0) })
        logger.logLevel = .critical
        let group = ServiceGroup(
            configuration: .init(
                services: [
                    .init(
                        service: service, successTerminationBehavior: .gracefullyShutdownGroup,
                        failureTerminationBehavior: .gracefullyShutdownGroup)
                ],
                gracefulShutdownSignals: [.sigint, .sigterm], logger: logger))
        try await group.run()
        if json { try JSONOutput.write(service.progress.current) } else { report(service.progress) }
        if service.wasInterrupted {
            Terminal.error.line("Interrupted. Run this again to go on.")
            throw ExitCode(130)
        }
    }

    private func report(_ progress: PushProgress) {
        let counts = progress.current
        let terminal = Terminal.output
        let speed = progress.seconds > 0 ? Double(counts.bytes) / 1_048_576 / progress.seconds : 0
        let rate = speed.rounded() >= 1 ? ", \(Int(speed.rounded())) MB/s" : ""
        terminal.line(
            (dryRun ? "Nothing was done. It would be: " : "")
                + "\(counts.uploaded) uploaded (\(counts.bytes) bytes\(rate)), \(counts.unchanged) unchanged, "
                + "\(counts.deleted) deleted in \(IngestProgress.duration(progress.seconds)).")
        let skipped = counts.skipped.sorted { $0.key < $1.key }
        if !skipped.isEmpty {
            terminal.line("Skipped: " + skipped.map { "\($0.value) \($0.key)" }.joined(separator: ", ") + ".")
        }
        if counts.left > 0 { terminal.line("\(counts.left) only in the bucket; --delete removes them.") }
    }
}
