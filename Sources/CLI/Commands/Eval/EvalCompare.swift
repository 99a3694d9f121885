import ArgumentParser
import Evaluation

struct EvalCompare: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "compare", abstract: "Compares two reports of `hearth eval retrieval`, pair by pair.")

    @OptionGroup var options: GlobalOptions
    @Argument(help: "The report of before.") var before: String
    @Argument(help: "The report of now.") var now: String
    @Flag(help: "Print JSON.") var json = false

    func run() async throws {
        let comparison = try RunComparison(before: ReportFile.read(before), now: ReportFile.read(now))
        if json { return try JSONOutput.write(comparison) }
        ReportPrinter().show(comparison)
    }
}
