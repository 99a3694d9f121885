import ArgumentParser
import Verify

struct VerifyAnswer: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "answer", abstract: "Reads the sources of an answer again: unchanged, changed or deleted.",
        discussion: "Ends with 1 if a source does not say any more what it said.")

    @OptionGroup var options: GlobalOptions
    @OptionGroup var server: VerifyServer
    @Argument(help: "The answer's correlation id, as in the header x-correlation-id.") var id: String
    @Option(help: "Seconds until the index must have followed the files.") var patience = 120
    @Flag(help: "Print JSON.") var json = false

    func run() async throws {
        let api = try server.api(try await options.load())
        let verification = try await AnswerVerifier(api: api, patience: .seconds(patience)).verify(id)
        if json { try JSONOutput.write(verification) } else { show(verification) }
        if !verification.holds { throw ExitCode(1) }
    }

    private func show(_ verification: AnswerVerification) {
        let terminal = Terminal.output
        terminal.line("\(terminal.bold(verification.question)) (\(verification.project))")
        for source in verification.sources {
            let state = source.state.rawValue
            let mark = source.state == .unchanged ? terminal.green(state) : terminal.red(state)
            let moved = source.movedTo.map { ", now \($0)" } ?? ""
            terminal.line("[\(source.place.number)] \(source.place.label): \(mark)\(moved)")
            for line in source.diff {
                terminal.line(
                    "    "
                        + (line.hasPrefix("-") ? terminal.red(line) : line.hasPrefix("+") ? terminal.green(line) : line)
                )
            }
        }
        for note in verification.notes { terminal.line("Note: \(note)") }
    }
}
