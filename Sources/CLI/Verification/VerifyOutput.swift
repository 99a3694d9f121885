import ArgumentParser
import Verify

/// Where a report goes.
struct VerifyOutput: ParsableArguments {
    @Option(help: ArgumentHelp("Compare with an earlier report, case by case.", valueName: "report.json"))
    var compare: String?
    @Option(help: ArgumentHelp("Write the report to this file as JSON, too.", valueName: "file")) var save: String?
    @Option(help: ArgumentHelp("Write it as JUnit XML, for CI.", valueName: "file")) var junit: String?
    @Option(help: ArgumentHelp("Write it as one HTML page with plots.", valueName: "file")) var html: String?
    @Flag(help: "Print the report as JSON.") var json = false

    /// Writes the files and prints the report.
    func give(_ report: VerifyReport, comparedWith before: VerifyReport?) throws {
        let comparison = try before.map { try VerifyComparison(before: $0, now: report) }
        if let save { try VerifyFiles.write(try JSONOutput.text(report) + "\n", to: save) }
        if let junit { try VerifyFiles.write(JUnitReport(report).text, to: junit) }
        if let html { try VerifyFiles.write(HTMLReport(report).text, to: html) }
        if json { return try JSONOutput.write(report) }
        let printer = VerifyPrinter()
        printer.show(report)
        if let comparison { printer.show(comparison) }
    }
}
