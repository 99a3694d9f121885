import ArgumentParser
import Hearth

struct WorkerCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "worker", abstract: "Answers questions and ingests documents that others put on the bus.",
        discussion: """
            Stops at Ctrl-C: takes no more tasks, lets running answers finish for worker.shutdown_grace_seconds, and \
            hands back what is not done by then, to be continued elsewhere.
            """)

    @OptionGroup var options: GlobalOptions
    @Option(help: "Only tasks of this topic: answer or ingest.") var topic: String?

    func run() async throws {
        let parts: Set<Role.Part>
        switch try topic.map(TaskTopic.named) {
        case .answer: parts = [.answers]
        case .ingest: parts = [.ingestion]
        case nil: parts = [.answers, .ingestion]
        }
        let composition = try await Composition(options.load())
        Terminal.output.line("Hearth \(Version.text) works on \(composition.configuration[.busKind]).")
        try await Role(composition, parts: parts).run()
    }
}
