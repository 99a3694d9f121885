import ArgumentParser

struct HeatCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "heat", abstract: "Shows and moves history between its tiers: hot, warm and cold.",
        discussion: """
            Conversations that were not used for heat.hot_days are compressed (warm), after heat.warm_days they move to \
            the archive (cold). They are read in the same way wherever they are. `hearth serve` does this by itself.
            """,
        subcommands: [HeatStatus.self, HeatRunNow.self, HeatThaw.self, HeatVerify.self, HeatPolicyOf.self],
        defaultSubcommand: HeatStatus.self)
}
