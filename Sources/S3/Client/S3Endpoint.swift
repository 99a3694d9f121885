import FoundationEssentials

/// Where an S3 server answers.
public struct S3Endpoint: Hashable, Sendable, CustomStringConvertible {
    let scheme: String
    /// Host, with the port if it is not the scheme's own.
    let authority: String

    /// - Parameter text: `https://s3.example.org` or `http://127.0.0.1:7480`, without a path.
    /// - Throws: ``S3Error`` with code `invalidRequest`.
    public init(_ text: String) throws(S3Error) {
        guard let url = URL(string: text), let scheme = url.scheme?.lowercased(), ["http", "https"].contains(scheme),
            let host = url.host, !host.isEmpty, url.path.isEmpty || url.path == "/", url.query == nil, url.user == nil
        else {
            throw S3Error(
                .invalidRequest, "'\(text)' is no address of an S3 server. Give one like https://s3.example.org.")
        }
        self.scheme = scheme
        let name = host.contains(":") && !host.hasPrefix("[") ? "[\(host)]" : host.lowercased()
        let standard = scheme == "https" ? 443 : 80
        authority = url.port.flatMap { $0 == standard ? nil : "\(name):\($0)" } ?? name
    }

    public var description: String { "\(scheme)://\(authority)" }
}
