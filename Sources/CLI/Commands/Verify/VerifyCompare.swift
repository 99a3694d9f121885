import ArgumentParser
import Verify

struct VerifyCompare: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "compare", abstract: "Compares two reports of `hearth verify`, case by case.",
        discussion: "Ends with 1 if a case that passed before fails now.")

    @OptionGroup var options: GlobalOptions
    @Argument(help: "The report of before.") var before: String
    @Argument(help: "The report of now.") var now: String
    @Flag(help: "Print JSON.") var json = false

    func run() async throws {
        let comparison = try VerifyComparison(before: VerifyFiles.report(before), now: VerifyFiles.report(now))
        if json { try JSONOutput.write(comparison) } else { VerifyPrinter().show(comparison) }
        if !comparison.broken.isEmpty { throw ExitCode(1) }
    }
}
