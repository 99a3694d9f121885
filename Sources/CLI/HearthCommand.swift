import ArgumentParser

/// The command line: one file a subcommand.
@main
struct HearthCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "hearth",
        abstract: "Answers questions about your code, on your machine, through the OpenAI API.",
        discussion: """
            Start with `hearth ingest <folder>`, then `hearth ask \"…\"`, or `hearth serve` and point any OpenAI client \
            at http://127.0.0.1:8080/v1.
            """,
        version: Version.text,
        subcommands: [
            ServeCommand.self, IngestCommand.self, AskCommand.self, SearchCommand.self, ProjectsCommand.self,
            SessionsCommand.self, TasksCommand.self, KeysCommand.self, DoctorCommand.self, ConfigCommand.self,
        ])

    /// Prints an error as one sentence. Bad arguments keep ArgumentParser's own wording and exit code 64.
    static func main() async {
        do {
            var command = try parseAsRoot()
            if var command = command as? any AsyncParsableCommand {
                try await command.run()
            } else {
                try command.run()
            }
        } catch let error where isOwn(error) {
            Terminal.error.write("hearth: \(error)\n")
            _exit(1)
        } catch is CancellationError {
            _exit(130)
        } catch {
            exit(withError: error)
        }
    }

    private static func isOwn(_ error: any Error) -> Bool {
        !(error is ExitCode || error is CleanExit || error is ValidationError)
            && fullMessage(for: error).isEmpty == false && !"\(type(of: error))".hasPrefix("CommandError")
            && !(error is CancellationError)
    }
}
