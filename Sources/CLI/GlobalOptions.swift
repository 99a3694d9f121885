import ArgumentParser

/// What every subcommand takes.
struct GlobalOptions: ParsableArguments {
    @Option(name: .long, help: ArgumentHelp("Read settings from this JSON file.", valueName: "file"))
    var config: String?

    @Option(
        name: .long,
        help: ArgumentHelp("Set one setting, for example server.port=9000. Repeatable.", valueName: "key=value"))
    var set: [String] = []

    func load() async throws -> EffectiveConfiguration {
        try await EffectiveConfiguration(assignments: set, file: config)
    }
}
