import ArgumentParser
import Hearth

struct HeatThaw: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "thaw", abstract: "Brings an archived conversation back.",
        discussion: "It counts as used now. Reading a conversation does not need this: it is only faster afterwards.")

    @OptionGroup var options: GlobalOptions
    @Argument(help: "The session.") var id: String

    func run() async throws {
        let stores = try await StoreComposition(options.load())
        guard let id = SessionID(rawValue: id), try await stores.timeline.session(id) != nil else {
            throw ConfigurationError("There is no session '\(id)'. `hearth sessions` lists them.")
        }
        let thawed = try await stores.archiver.thaw(id)
        Terminal.output.line(thawed == 0 ? "Nothing of it is archived." : "\(thawed) messages are hot again.")
    }
}
