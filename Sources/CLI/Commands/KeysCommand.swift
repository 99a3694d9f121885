import ArgumentParser
import FoundationEssentials
import Gateway
import Hearth

struct KeysCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "keys",
        abstract: "Makes, lists and revokes API keys. Without any, only this machine may ask.",
        subcommands: [Create.self, List.self, Revoke.self], defaultSubcommand: List.self)

    struct Create: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Makes a key and prints it. It is shown this once; only its hash is kept.")

        @OptionGroup var options: GlobalOptions
        @Argument(help: "A name for the key, for example of its user.") var name: String
        @Option(help: "Only this project. Repeatable; all projects without it.") var project: [String] = []

        func run() async throws {
            let ring = try KeysCommand.ring(await options.load())
            let projects = try project.map { name in
                guard let id = ProjectID(rawValue: name) else {
                    throw ConfigurationError("'\(name)' is no project's name.")
                }
                return id
            }
            let key = try ring.create(name: name, projects: projects.isEmpty ? nil : Set(projects))
            Terminal.error.line(
                "Key '\(name)', shown only now. From the next request on, the server wants a key from everybody:")
            Terminal.output.line(key)
        }
    }

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Lists the keys by name.")

        @OptionGroup var options: GlobalOptions
        @Flag(help: "Print JSON.") var json = false

        private struct Row: Encodable {
            let name: String
            let projects: [String]?
            let createdAt: Date
        }

        func run() async throws {
            let rows = try KeysCommand.ring(await options.load()).list().map { key in
                Row(name: key.name, projects: key.projects?.map(\.rawValue).sorted(), createdAt: key.createdAt)
            }
            if json { return try JSONOutput.write(rows) }
            guard !rows.isEmpty else {
                return Terminal.output.line(
                    "There is no key: on loopback none is needed. Make one: hearth keys create <name>")
            }
            var table = TextTable("KEY", "PROJECTS", "MADE AT")
            for row in rows {
                table.add(row.name, row.projects?.joined(separator: ", ") ?? "all", row.createdAt.formatted(.iso8601))
            }
            Terminal.output.line(table.text)
        }
    }

    struct Revoke: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Revokes a key at once.")

        @OptionGroup var options: GlobalOptions
        @Argument(help: "The key's name.") var name: String

        func run() async throws {
            try KeysCommand.ring(await options.load()).revoke(name: name)
            Terminal.output.line("Revoked '\(name)'.")
        }
    }

    private static func ring(_ configuration: EffectiveConfiguration) throws -> KeyRing {
        KeyRing(path: try DataDirectory(configuration).keys)
    }
}
