import FoundationEssentials

/// Checks a configuration file before it is read.
enum ConfigurationFile {
    /// - Throws: ``ConfigurationError`` if it cannot be read, is no JSON object, or holds a key that does not exist.
    static func check(_ path: String) throws {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw ConfigurationError("The configuration file \(path) cannot be read. Check its path and its rights.")
        }
        let root: Node
        do {
            root = try JSONDecoder().decode(Node.self, from: data)
        } catch {
            throw ConfigurationError("The configuration file \(path) is no valid JSON. Mend it or remove it.")
        }
        guard case .object = root else {
            throw ConfigurationError("The configuration file \(path) must hold one JSON object.")
        }
        for key in root.keys(below: "") { try EffectiveConfiguration.checkKey(key, source: path) }
    }

    private enum Node: Decodable {
        case object([String: Node])
        case value

        init(from decoder: any Decoder) throws {
            if let object = try? decoder.singleValueContainer().decode([String: Node].self) {
                self = .object(object)
            } else {
                self = .value
            }
        }

        func keys(below prefix: String) -> [String] {
            switch self {
            case .value: [prefix]
            case .object(let members):
                members.sorted { $0.key < $1.key }.flatMap { name, node in
                    node.keys(below: prefix.isEmpty ? name : prefix + "." + name)
                }
            }
        }
    }
}
