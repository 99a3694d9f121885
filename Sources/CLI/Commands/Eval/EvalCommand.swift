import ArgumentParser

struct EvalCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "eval", abstract: "Measures how well passages are found, with questions made of the code itself.",
        subcommands: [EvalRetrieval.self, EvalCompare.self])
}
