import ArgumentParser
import Foundation
import Hearth

struct HeatStatus: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status", abstract: "Shows how much of each project's history is in which tier.")

    @OptionGroup var options: GlobalOptions
    @Flag(help: "Print JSON.") var json = false

    func run() async throws {
        let stores = try await StoreComposition(options.load())
        let usage = try await stores.storage.usage()
        if json { return try JSONOutput.write(usage) }
        let terminal = Terminal.output
        guard !usage.isEmpty else { return terminal.line("There is no conversation yet.") }
        var table = TextTable("PROJECT", "TIER", "SESSIONS", "MESSAGES", "BYTES", "LAST USED", "FIRST USED")
        for row in usage.sorted(by: Self.isBefore) {
            table.add(
                row.projectID?.rawValue ?? "-", row.heat.rawValue, "\(row.sessions)", "\(row.tally.messages)",
                row.tally.bytes.formatted(.byteCount(style: .file)), Self.age(row.newest), Self.age(row.oldest))
        }
        terminal.line(table.text)
        terminal.line(terminal.dim("Archive: \(stores.archiver.archive.location)"))
    }

    private static func isBefore(_ left: HeatUsage, _ right: HeatUsage) -> Bool {
        let (one, two) = (left.projectID?.rawValue ?? "", right.projectID?.rawValue ?? "")
        guard one == two else { return one < two }
        return (Heat.allCases.firstIndex(of: left.heat) ?? 0) < (Heat.allCases.firstIndex(of: right.heat) ?? 0)
    }

    private static func age(_ date: Date) -> String {
        let seconds = max(0, -date.timeIntervalSinceNow)
        return switch seconds {
        case ..<3_600: "\(Int(seconds / 60)) min ago"
        case ..<86_400: "\(Int(seconds / 3_600)) h ago"
        default: "\(Int(seconds / 86_400)) d ago"
        }
    }
}
