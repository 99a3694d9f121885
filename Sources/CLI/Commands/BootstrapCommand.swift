import ArgumentParser
import Backends
import PulsarAdmin

struct BootstrapCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bootstrap",
        abstract: "Makes what Hearth needs of a Pulsar cluster; changes nothing that is there.",
        discussion: "Talks to pulsar.admin_url. Run it once before the first gateway, or whenever you like.")

    @OptionGroup var options: GlobalOptions
    @Flag(help: "Only say what is missing, and fail if anything is.") var check = false

    func run() async throws {
        let configuration = try await options.load()
        let bootstrap = try PulsarSettings.bootstrap(configuration)
        let terminal = Terminal.output
        var missing = 0
        for step in bootstrap.steps {
            if try await step.isDone() {
                terminal.line("\(terminal.green("there  "))  \(step.name)")
            } else if check {
                missing += 1
                terminal.line("\(terminal.red("MISSING"))  \(step.name)")
            } else {
                try await step.perform()
                terminal.line("\(terminal.yellow("made   "))  \(step.name)")
            }
        }
        if missing > 0 { throw ExitCode(1) }
    }
}
