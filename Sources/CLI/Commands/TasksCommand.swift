import ArgumentParser
import FoundationEssentials
import Hearth

struct TasksCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tasks", abstract: "Shows, cancels and replays tasks.",
        subcommands: [List.self, Show.self, Cancel.self, DeadLetters.self, Replay.self], defaultSubcommand: List.self)

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Lists the latest questions and how much work waits.")

        @OptionGroup var options: GlobalOptions
        @Option(help: "Only tasks in this state: queued, running, completed, failed, cancelled, rejected.") var status:
            String?
        @Option(help: "How many.") var limit = 20
        @Flag(help: "Print JSON.") var json = false

        private struct Output: Encodable {
            let backlog: [String: TaskBacklog]
            let tasks: [LedgerEntry]
        }

        func run() async throws {
            let stores = try await StoreComposition(options.load())
            let status = try status.map { text in
                guard let status = TaskStatus(rawValue: text) else {
                    throw ConfigurationError(
                        "'\(text)' is no state. States: \(TaskStatus.allCases.map(\.rawValue).joined(separator: ", "))."
                    )
                }
                return status
            }
            let entries = try await stores.ledger.entries(
                status: status, project: nil, before: nil, limit: max(1, limit))
            let backlog = try await stores.running { stores in
                var backlog: [String: TaskBacklog] = [:]
                for topic in TaskTopic.allCases { backlog[topic.rawValue] = try await stores.bus.backlog(of: topic) }
                return backlog
            }
            if json { return try JSONOutput.write(Output(backlog: backlog, tasks: entries)) }
            for (topic, load) in backlog.sorted(by: { $0.key < $1.key }) {
                Terminal.output.line(
                    "\(topic): \(load.ready) ready, \(load.waiting) waiting, \(load.inFlight) running, "
                        + "\(load.deadLetters) dead letters")
            }
            guard !entries.isEmpty else { return }
            var table = TextTable("TASK", "STATE", "ATTEMPT", "ASKED AT", "QUESTION")
            for entry in entries {
                table.add(
                    entry.task.id.rawValue, entry.status.rawValue, "\(entry.attempt)",
                    entry.task.createdAt.formatted(.iso8601),
                    String(entry.task.question.text.split(whereSeparator: \.isNewline).first ?? "").prefix(60)
                        .description)
            }
            Terminal.output.line(table.text)
        }
    }

    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Prints what is known of a question, and its answer.")

        @OptionGroup var options: GlobalOptions
        @Argument(help: "The correlation id.") var id: String
        @Flag(help: "Print JSON.") var json = false

        private struct Output: Encodable {
            let entry: LedgerEntry
            let events: [ReplyEvent]
        }

        func run() async throws {
            let stores = try await StoreComposition(options.load())
            let entry = try await TasksCommand.entry(id, in: stores)
            let events = try await stores.ledger.events(of: entry.task.id, after: 0, limit: .max)
            if json { return try JSONOutput.write(Output(entry: entry, events: events)) }
            let terminal = Terminal.output
            terminal.line(
                "\(terminal.bold(entry.status.rawValue))  attempt \(entry.attempt)  asked \(entry.task.createdAt.formatted(.iso8601))"
            )
            if let failure = entry.failure { terminal.line(terminal.red(failure.message)) }
            terminal.line(terminal.dim("> " + entry.task.question.text))
            var printer = AnswerPrinter()
            for event in events { printer.show(event) }
        }
    }

    struct Cancel: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Cancels a question.")

        @OptionGroup var options: GlobalOptions
        @Argument(help: "The correlation id.") var id: String

        func run() async throws {
            let stores = try await StoreComposition(options.load())
            let entry = try await TasksCommand.entry(id, in: stores)
            switch try await stores.ledger.requestCancellation(entry.task.id) {
            case .cancelled: Terminal.output.line("Cancelled.")
            case .requested: Terminal.output.line("Its worker was asked to stop.")
            case .alreadyFinished: Terminal.output.line("It had ended before.")
            case .unknown: throw ConfigurationError("There is no task '\(id)'.")
            }
        }
    }

    struct DeadLetters: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "dead-letters", abstract: "Lists tasks that were set aside, with the reason.")

        @OptionGroup var options: GlobalOptions
        @Option(help: "answer or ingest; both without it.") var topic: String?
        @Option(help: "How many.") var limit = 50
        @Flag(help: "Print JSON.") var json = false

        func run() async throws {
            let stores = try await StoreComposition(options.load())
            let (topics, limit) = (try TasksCommand.topics(topic), max(1, limit))
            let letters = try await stores.running { stores in
                var letters: [DeadLetter] = []
                for topic in topics { letters += try await stores.bus.deadLetters(on: topic, limit: limit) }
                return letters
            }
            if json { return try JSONOutput.write(letters) }
            guard !letters.isEmpty else { return Terminal.output.line("There are no dead letters.") }
            var table = TextTable("TASK", "TOPIC", "DELIVERIES", "DIED AT", "REASON")
            for letter in letters {
                table.add(
                    letter.message.id, letter.message.topic.rawValue, "\(letter.deliveryCount)",
                    letter.diedAt.formatted(.iso8601), letter.reason)
            }
            Terminal.output.line(table.text)
        }
    }

    struct Replay: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Puts a dead letter back to work, or all of them.")

        @OptionGroup var options: GlobalOptions
        @Argument(help: "The task's id, or 'all'.") var id: String

        func run() async throws {
            let id = id
            let replayed = try await StoreComposition(options.load()).running { stores in
                var replayed = 0
                for topic in TaskTopic.allCases {
                    for letter in try await stores.bus.deadLetters(on: topic, limit: 10_000)
                    where id == "all" || letter.message.id == id {
                        if topic == .answer, let id = CorrelationID(rawValue: letter.message.id) {
                            _ = try await stores.ledger.reopen(id)
                        }
                        if try await stores.bus.replay(letter.message.id, on: topic) { replayed += 1 }
                    }
                }
                return replayed
            }
            guard replayed > 0 || id == "all" else {
                throw ConfigurationError("There is no dead letter '\(id)'. `hearth tasks dead-letters` lists them.")
            }
            Terminal.output.line("\(replayed) \(replayed == 1 ? "task is" : "tasks are") back on the bus.")
        }
    }

    private static func topics(_ name: String?) throws -> [TaskTopic] {
        try name.map { [try TaskTopic.named($0)] } ?? TaskTopic.allCases
    }

    private static func entry(_ text: String, in stores: StoreComposition) async throws -> LedgerEntry {
        let raw = text.hasPrefix("chatcmpl-") ? String(text.dropFirst("chatcmpl-".count)) : text
        guard let id = CorrelationID(rawValue: raw), let entry = try await stores.ledger.entry(id) else {
            throw ConfigurationError("There is no task '\(text)'. `hearth tasks` lists the latest.")
        }
        return entry
    }
}
