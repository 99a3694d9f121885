import ArgumentParser

struct ServeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve", abstract: "Serves the OpenAI API, answers questions and keeps the indexes up to date.",
        discussion:
            "Stops at Ctrl-C: running answers may finish; a second Ctrl-C stops at once. Nothing is lost either way.")

    @OptionGroup var options: GlobalOptions

    func run() async throws {
        let composition = try await Composition(options.load())
        try await Role(
            composition, parts: [.ingestion, .answers, .heat, .gateway],
            workerSlots: composition.configuration.integer(.workerSlots)
        ).run()
    }
}
