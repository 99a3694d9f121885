import ArgumentParser

struct VerifyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Proves that a running Hearth answers from the code, and from nothing else.",
        discussion: """
            Writes a small codebase with names and numbers that no model can know, asks about it, changes it, asks again, \
            and removes it. Ends with 0 if everything is as it must be, with 1 if not.
            """,
        subcommands: [VerifyRun.self, VerifyCompare.self, VerifyAnswer.self], defaultSubcommand: VerifyRun.self)
}
