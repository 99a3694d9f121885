import ArgumentParser
import FoundationEssentials
import Hearth

struct SessionsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sessions", abstract: "Lists, shows and deletes conversations.",
        subcommands: [List.self, Show.self, Delete.self], defaultSubcommand: List.self)

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Lists the latest conversations.")

        @OptionGroup var options: GlobalOptions
        @Option(help: "Only of this project.") var project: String?
        @Option(help: "How many.") var limit = 20
        @Flag(help: "Print JSON.") var json = false

        func run() async throws {
            let stores = try await StoreComposition(options.load())
            let id = try project.map { name in
                guard let id = ProjectID(rawValue: name) else {
                    throw ConfigurationError("'\(name)' is no project's name.")
                }
                return id
            }
            let sessions = try await stores.timeline.sessions(in: id, before: nil, limit: max(1, limit))
            if json { return try JSONOutput.write(sessions) }
            guard !sessions.isEmpty else { return Terminal.output.line("There is no conversation yet.") }
            var table = TextTable("SESSION", "PROJECT", "LAST", "FIRST QUESTION")
            for session in sessions {
                table.add(
                    session.id.rawValue, session.projectID?.rawValue ?? "-", session.updatedAt.formatted(.iso8601),
                    session.title)
            }
            Terminal.output.line(table.text)
        }
    }

    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Prints a conversation.")

        @OptionGroup var options: GlobalOptions
        @Argument(help: "The session.") var id: String
        @Option(help: "How many of the last messages.") var limit = 100
        @Flag(help: "Print JSON, with the provenance of each answer.") var json = false

        func run() async throws {
            let stores = try await StoreComposition(options.load())
            let session = try await SessionsCommand.session(id, in: stores)
            let messages = try await stores.timeline.messages(in: session.id, before: nil, limit: max(1, limit))
            if json { return try JSONOutput.write(messages) }
            let terminal = Terminal.output
            for message in messages {
                terminal.line(
                    terminal.bold(message.role == .user ? "You" : "Hearth")
                        + terminal.dim("  \(message.createdAt.formatted(.iso8601))"))
                terminal.line(message.text)
                terminal.line()
            }
        }
    }

    struct Delete: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Deletes a conversation and its messages.")

        @OptionGroup var options: GlobalOptions
        @Argument(help: "The session.") var id: String

        func run() async throws {
            let stores = try await StoreComposition(options.load())
            let session = try await SessionsCommand.session(id, in: stores)
            try await stores.running { try await $0.eraser.erase(session.id) }
            Terminal.output.line("Deleted session \(session.id).")
        }
    }

    private static func session(_ text: String, in stores: StoreComposition) async throws -> Session {
        guard let id = SessionID(rawValue: text), let session = try await stores.timeline.session(id) else {
            throw ConfigurationError("There is no session '\(text)'. `hearth sessions` lists them.")
        }
        return session
    }
}
