import ArgumentParser
import Foundation
import Hearth

struct HeatVerify: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify", abstract: "Reads the whole archive and compares it with what should be there.")

    @OptionGroup var options: GlobalOptions
    @Flag(help: "Print JSON.") var json = false

    func run() async throws {
        let stores = try await StoreComposition(options.load())
        let report = try await ArchiveAudit(stores.archiver).run()
        if json {
            try JSONOutput.write(report)
        } else {
            let terminal = Terminal.output
            for fault in report.faults { terminal.line("\(terminal.red("FAILED"))  \(fault.object): \(fault.message)") }
            terminal.line(
                "\(report.objects) objects (\(report.bytes.formatted(.byteCount(style: .file)))), \(report.messages) messages, "
                    + "\(report.faults.count) faults, \(report.orphans) orphans.")
        }
        if !report.faults.isEmpty { throw ExitCode(1) }
    }
}
