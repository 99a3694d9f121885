import ArgumentParser
import Hearth

struct HeatRunNow: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run", abstract: "Lets history cool down now, as the policies say.",
        discussion: "Safe to break off and to run beside others: what one run did not do the next one does.")

    @OptionGroup var options: GlobalOptions
    @Flag(help: "Print JSON.") var json = false

    func run() async throws {
        let report = try await StoreComposition(options.load()).heatRun().run()
        if json { return try JSONOutput.write(report) }
        let terminal = Terminal.output
        terminal.line(
            "\(report.cooledSessions) conversations compressed, \(report.archivedSessions) archived "
                + "(\(report.archivedMessages) messages), \(report.deletedSessions) deleted.")
        terminal.line(
            "\(report.prunedQuestions) ended questions removed from the ledger; \(report.mendedObjects) objects of the "
                + "archive written anew or removed, \(report.sweptObjects) orphans removed; \(report.droppedChunks) empty chunks "
                + "of the timeline dropped.")
    }
}
