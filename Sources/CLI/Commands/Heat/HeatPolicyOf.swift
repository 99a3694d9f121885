import ArgumentParser
import Foundation
import Hearth

struct HeatPolicyOf: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "policy", abstract: "Shows or sets a project's own limits, in days and megabytes.",
        discussion:
            "What is not given stays as it is; 0 takes a limit away. --default goes back to the settings of heat.….")

    @OptionGroup var options: GlobalOptions
    @Argument(help: "The project.") var name: String
    @Option(help: "Days until a conversation is compressed.") var hotDays: Double?
    @Option(help: "Days until it is archived.") var warmDays: Double?
    @Option(help: "Days until it is deleted.") var retentionDays: Double?
    @Option(help: "The most megabytes uncompressed.") var hotMb: Double?
    @Option(help: "The most megabytes compressed.") var warmMb: Double?
    @Option(help: "The most megabytes archived.") var coldMb: Double?
    @Flag(name: .customLong("default"), help: "Have no policy of its own.") var isDefault = false

    private var isChange: Bool {
        isDefault || [hotDays, warmDays, retentionDays, hotMb, warmMb, coldMb].contains { $0 != nil }
    }

    func run() async throws {
        let stores = try await StoreComposition(options.load())
        var project = try await stores.project(named: name)
        let general = try HeatPolicy(stores.configuration)
        if isChange {
            var policy = project.settings.heat ?? general
            policy.hotDays = hotDays ?? policy.hotDays
            policy.warmDays = warmDays ?? policy.warmDays
            policy.retentionDays = changed(policy.retentionDays, by: retentionDays)
            policy.hotBytes = changed(policy.hotBytes, by: hotMb.map { Int($0 * 1_000_000) })
            policy.warmBytes = changed(policy.warmBytes, by: warmMb.map { Int($0 * 1_000_000) })
            policy.coldBytes = changed(policy.coldBytes, by: coldMb.map { Int($0 * 1_000_000) })
            if let fault = policy.fault { throw ConfigurationError("This policy is not possible: \(fault)") }
            project.settings.heat = isDefault ? nil : policy
            try await stores.timeline.save(project)
        }
        show(project.settings.heat ?? general, isOwn: project.settings.heat != nil)
    }

    /// A limit that was given as 0 is none.
    private func changed<Number: Numeric>(_ old: Number?, by new: Number?) -> Number? {
        guard let new else { return old }
        return new == 0 ? nil : new
    }

    private func show(_ policy: HeatPolicy, isOwn: Bool) {
        var table = TextTable("TIER", "LEFT AFTER", "AT MOST")
        for heat in Heat.allCases {
            let days: Double? =
                switch heat {
                case .hot: policy.hotDays
                case .warm: policy.warmDays
                case .cold: policy.retentionDays
                }
            table.add(
                heat.rawValue, days.map { "\($0.formatted()) days" } ?? "never",
                policy.bytes(of: heat).map { $0.formatted(.byteCount(style: .file)) } ?? "-")
        }
        Terminal.output.line(table.text)
        Terminal.output.line(isOwn ? "The project's own policy." : "The policy of the settings heat.….")
    }
}
