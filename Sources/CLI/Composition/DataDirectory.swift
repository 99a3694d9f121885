import FoundationEssentials

/// Where Hearth keeps what it keeps on one machine.
struct DataDirectory: Sendable {
    let path: String
    let assets: String

    /// - Throws: ``ConfigurationError`` if no place can be found or made.
    init(_ configuration: EffectiveConfiguration) throws {
        let environment = ProcessInfo.processInfo.environment
        let standard = Self.standard(environment)
        let configured = configuration[.dataDirectory]
        guard let path = configured.isEmpty ? standard : Self.absolute(configured) else {
            throw ConfigurationError("There is no home folder to keep data in. Set data.directory.")
        }
        self.path = path
        let assets = configuration[.assetsDirectory]
        self.assets =
            !assets.isEmpty
            ? Self.absolute(assets) : environment["HEARTH_ASSETS"] ?? (standard ?? path) + "/assets"
        do {
            try FileManager.default.createDirectory(
                atPath: path, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        } catch {
            throw ConfigurationError(
                "The data folder \(path) cannot be made: check its parent's rights, or set data.directory.")
        }
    }

    var indexes: String { path + "/index" }
    var archive: String { path + "/archive" }
    var keys: String { path + "/keys.json" }

    private static func standard(_ environment: [String: String]) -> String? {
        if let folder = environment["XDG_DATA_HOME"], !folder.isEmpty { return folder + "/hearth" }
        guard let home = environment["HOME"], !home.isEmpty else { return nil }
        return home + "/.local/share/hearth"
    }

    /// The path as seen from the root, `~` and `..` resolved.
    static func absolute(_ path: String) -> String {
        let expanded =
            path.hasPrefix("~/") ? (ProcessInfo.processInfo.environment["HOME"] ?? "") + path.dropFirst() : path
        let full = expanded.hasPrefix("/") ? expanded : FileManager.default.currentDirectoryPath + "/" + expanded
        var names: [Substring] = []
        for name in full.split(separator: "/") where name != "." {
            if name == ".." { names = names.dropLast() } else { names.append(name) }
        }
        return "/" + names.joined(separator: "/")
    }
}
