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
            ServeCommand.self, GatewayCommand.self, WorkerCommand.self, IngestCommand.self, PushCommand.self,
            AskCommand.self, SearchCommand.self, ProjectsCommand.self, SessionsCommand.self, HeatCommand.self,
            TasksCommand.self, EvalCommand.self, VerifyCommand.self,
            KeysCommand.self, BootstrapCommand.self, MigrateCommand.self, DoctorCommand.self, ConfigCommand.self,
        ])
}
