/// Where a cluster is reached: `pulsar://host:6650`, `pulsar+ssl://host:6651`, or several hosts with commas between.
public struct ServiceURL: Hashable, Sendable, CustomStringConvertible {
    /// A host and its port.
    public struct Address: Hashable, Sendable, CustomStringConvertible {
        public let host: String
        public let port: Int

        public var description: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }
    }

    public let usesTLS: Bool
    public let addresses: [Address]

    /// - Throws: ``PulsarError`` with code `invalidServiceURL`.
    public init(_ text: String) throws {
        guard let mark = text.firstRange(of: "://") else {
            throw Self.invalid(text, "it has no scheme; expected for example pulsar://127.0.0.1:6650")
        }
        switch text[..<mark.lowerBound] {
        case "pulsar": usesTLS = false
        case "pulsar+ssl": usesTLS = true
        case let scheme: throw Self.invalid(text, "its scheme is '\(scheme)', not pulsar or pulsar+ssl")
        }
        var hosts = text[mark.upperBound...]
        if hosts.hasSuffix("/") { hosts = hosts.dropLast() }
        let standard = usesTLS ? 6651 : 6650
        addresses = try hosts.split(separator: ",", omittingEmptySubsequences: false).map {
            try Self.address($0, standard: standard, of: text)
        }
    }

    public var description: String {
        "\(usesTLS ? "pulsar+ssl" : "pulsar")://\(addresses.map(\.description).joined(separator: ","))"
    }

    private static func address(_ text: Substring, standard: Int, of whole: String) throws -> Address {
        var host = text
        var port = standard
        let afterBrackets = text.lastIndex(of: "]").map { text.index(after: $0) } ?? text.startIndex
        if let colon = text[afterBrackets...].lastIndex(of: ":") {
            guard let number = Int(text[text.index(after: colon)...]), (1...65535).contains(number) else {
                throw invalid(whole, "'\(text)' has no port in 1…65535")
            }
            host = text[..<colon]
            port = number
        }
        if host.hasPrefix("["), host.hasSuffix("]") { host = host.dropFirst().dropLast() }
        guard !host.isEmpty, !host.contains(where: { $0 == "/" || $0 == "@" || $0.isWhitespace }) else {
            throw invalid(whole, "'\(text)' is no host")
        }
        return Address(host: String(host), port: port)
    }

    private static func invalid(_ text: String, _ reason: String) -> PulsarError {
        PulsarError(.invalidServiceURL, "'\(text.prefix(200))' is no Pulsar service URL: \(reason).")
    }
}
