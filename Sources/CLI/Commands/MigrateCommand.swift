import ArgumentParser

struct MigrateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "migrate", abstract: "Brings the tables of questions and conversations up to date, and ends.",
        discussion: """
            Every process does this when it starts. Do it first where an upgrade is rolled out, so that a migration that \
            fails or takes long stops the upgrade and nobody waits for it.
            """)

    @OptionGroup var options: GlobalOptions

    func run() async throws {
        _ = try await StoreComposition(options.load())
        Terminal.output.line("The tables are those of Hearth \(Version.text).")
    }
}
