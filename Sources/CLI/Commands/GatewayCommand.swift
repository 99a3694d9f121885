import ArgumentParser

struct GatewayCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "gateway", abstract: "Serves the OpenAI API and leaves the work to `hearth worker`.",
        discussion: """
            For several processes over one bus: set bus.kind=pulsar, so that answers come at once. Stops at Ctrl-C as \
            `hearth serve` does.
            """)

    @OptionGroup var options: GlobalOptions

    func run() async throws {
        try await Role(try await Composition(options.load()), parts: [.gateway]).run()
    }
}
