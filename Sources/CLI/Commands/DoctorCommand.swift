import ArgumentParser

struct DoctorCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor", abstract: "Checks every part, and says what is wrong and how to mend it.")

    @OptionGroup var options: GlobalOptions
    @Flag(help: "Print JSON.") var json = false

    func run() async throws {
        let findings = await Examination(configuration: try await options.load()).findings()
        if json {
            try JSONOutput.write(findings)
        } else {
            let terminal = Terminal.output
            for finding in findings {
                let mark =
                    switch finding.severity {
                    case .ok: terminal.green("ok     ")
                    case .warning: terminal.yellow("warning")
                    case .failure: terminal.red("FAILED ")
                    }
                terminal.line("\(mark)  \(terminal.bold(finding.check)): \(finding.detail)")
                if !finding.remedy.isEmpty { terminal.line("         → \(finding.remedy)") }
            }
        }
        if findings.contains(where: { $0.severity == .failure }) { throw ExitCode(1) }
    }
}
