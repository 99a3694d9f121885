import Configuration
import FoundationEssentials
import SystemPackage

/// The value of every setting, and where it comes from.
struct EffectiveConfiguration: Sendable {
    struct Entry: Sendable {
        let key: ConfigurationKey
        let value: String
        /// `--set`, the environment variable, the file's path, or `default`.
        let source: String
    }

    /// In the order of the table.
    let entries: [Entry]

    /// Reads the command line's settings, the environment and the file, in this order of precedence.
    ///
    /// - Parameters:
    ///   - assignments: `key=value` of `--set`.
    ///   - file: of `--config`; without it the default place is read if there is a file.
    /// - Throws: ``ConfigurationError`` for a key that does not exist or a value that does not fit.
    init(
        assignments: [String],
        file: String?,
        environment: [String: String] = ProcessInfo.processInfo.environment
    ) async throws {
        var sources: [(name: @Sendable (ConfigurationKey) -> String, reader: ConfigReader)] = []
        let given = try Self.parse(assignments)
        let values = given.map {
            (
                AbsoluteConfigKey($0.key.split(separator: ".").map(String.init)),
                ConfigValue(.string($0.value), isSecret: false)
            )
        }
        sources.append(
            (
                { _ in "--set" },
                ConfigReader(provider: InMemoryProvider(values: Dictionary(uniqueKeysWithValues: values)))
            ))

        try Self.checkVariables(environment)
        let variables = EnvironmentVariablesProvider(environmentVariables: environment)
        sources.append(({ $0.variable }, ConfigReader(provider: variables.prefixKeys(with: "hearth"))))

        let path = file ?? environment["HEARTH_CONFIG"] ?? Self.defaultFile(environment)
        if let path, file != nil || environment["HEARTH_CONFIG"] != nil || FileManager.default.fileExists(atPath: path)
        {
            try ConfigurationFile.check(path)
            let provider = try await FileProvider<JSONSnapshot>(filePath: FilePath(path))
            sources.append(({ _ in path }, ConfigReader(provider: provider)))
        }

        entries = try ConfigurationKey.all.map { key in
            for source in sources {
                guard let value = Self.read(key, from: source.reader) else { continue }
                let name = source.name(key)
                try Self.validate(value, for: key, source: name)
                return Entry(key: key, value: value, source: name)
            }
            return Entry(key: key, value: key.defaultValue, source: "default")
        }
    }

    /// The value as text; empty if there is none.
    subscript(key: ConfigurationKey) -> String {
        entries.first { $0.key == key }?.value ?? key.defaultValue
    }

    func integer(_ key: ConfigurationKey) -> Int { Int(self[key]) ?? 0 }
    func number(_ key: ConfigurationKey) -> Double { Double(self[key]) ?? 0 }
    func flag(_ key: ConfigurationKey) -> Bool { self[key] == "true" }

    private static func read(_ key: ConfigurationKey, from reader: ConfigReader) -> String? {
        let name = ConfigKey(key.name.split(separator: ".").map(String.init))
        if let text = reader.string(forKey: name, isSecret: key.isSecret) { return text }
        switch key.kind {
        case .text, .choice: return nil
        case .integer: return reader.int(forKey: name).map(String.init)
        case .number: return reader.double(forKey: name).map { "\($0)" } ?? reader.int(forKey: name).map(String.init)
        case .flag: return reader.bool(forKey: name).map(String.init)
        }
    }

    private static func validate(_ value: String, for key: ConfigurationKey, source: String) throws {
        let expected: String?
        switch key.kind {
        case .text: expected = nil
        case .integer: expected = Int(value).map { $0 >= 0 } == true ? nil : "a whole number of 0 or more"
        case .number: expected = Double(value).map { $0 >= 0 && $0.isFinite } == true ? nil : "a number of 0 or more"
        case .flag: expected = value == "true" || value == "false" ? nil : "true or false"
        case .choice(let choices):
            expected = choices.contains(value) ? nil : "one of " + choices.joined(separator: ", ")
        }
        if let expected {
            throw ConfigurationError("\(key.name) is '\(value)' (from \(source)), but must be \(expected).")
        }
    }

    private static func parse(_ assignments: [String]) throws -> [String: String] {
        var values: [String: String] = [:]
        for assignment in assignments {
            let parts = assignment.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard parts.count == 2 else {
                throw ConfigurationError("--set takes key=value, not '\(assignment)'.")
            }
            let name = String(parts[0])
            try checkKey(name, source: "--set")
            values[name] = String(parts[1])
        }
        return values
    }

    /// Refuses a key that does not exist: a setting that silently does nothing is worse than none.
    static func checkKey(_ name: String, source: String) throws {
        let names = ConfigurationKey.all.map(\.name)
        guard !names.contains(name) else { return }
        let hint = Spelling.suggestion(for: name, among: names).map { " Did you mean \($0)?" } ?? ""
        throw ConfigurationError("Unknown setting '\(name)' in \(source).\(hint) `hearth config` lists all settings.")
    }

    private static func checkVariables(_ environment: [String: String]) throws {
        let known = ConfigurationKey.all.map(\.variable) + ["HEARTH_CONFIG", "HEARTH_ASSETS"]
        // Test and set-up variables of the repository are not settings.
        let foreign = ["HEARTH_TEST_", "HEARTH_MINILM_REFERENCE"]
        for name in environment.keys.sorted() where name.hasPrefix("HEARTH_") && !known.contains(name) {
            if foreign.contains(where: name.hasPrefix) { continue }
            let hint = Spelling.suggestion(for: name, among: known).map { " Did you mean \($0)?" } ?? ""
            throw ConfigurationError("Unknown environment variable \(name).\(hint) `hearth config` lists all settings.")
        }
    }

    private static func defaultFile(_ environment: [String: String]) -> String? {
        if let folder = environment["XDG_CONFIG_HOME"], !folder.isEmpty { return folder + "/hearth/config.json" }
        guard let home = environment["HOME"], !home.isEmpty else { return nil }
        return home + "/.config/hearth/config.json"
    }
}
