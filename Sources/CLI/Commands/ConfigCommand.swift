import ArgumentParser

struct ConfigCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "config",
        abstract: "Prints every setting, its value and where the value comes from.")

    @OptionGroup var options: GlobalOptions
    @Flag(help: "Print JSON.") var json = false

    private struct Row: Encodable {
        let key: String
        let value: String
        let source: String
        let variable: String
        let summary: String
    }

    func run() async throws {
        let rows = try await options.load().entries.map { entry in
            let shown = entry.key.isSecret && !entry.value.isEmpty ? "********" : entry.value
            return Row(
                key: entry.key.name, value: shown, source: entry.source, variable: entry.key.variable,
                summary: entry.key.summary)
        }
        if json { return try JSONOutput.write(rows) }
        var table = TextTable("SETTING", "VALUE", "FROM", "MEANING")
        for row in rows { table.add(row.key, row.value.isEmpty ? "-" : row.value, row.source, row.summary) }
        Terminal.output.line(table.text)
    }
}
