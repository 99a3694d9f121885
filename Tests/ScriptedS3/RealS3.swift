public import AsyncHTTPClient
import FoundationEssentials
import NIOSSL
public import S3

/// The server that `scripts/with-ceph` or `scripts/with-moto` has started, spoken to as `S3_STYLE` says: by default with the
/// bucket in the path; `virtual-host`, `tls` or both with the bucket's name before the host, and over TLS.
public enum RealS3 {
    private static let variables = ProcessInfo.processInfo.environment
    private static let style = Set((variables["S3_STYLE"] ?? "").split(separator: " "))

    public static var isThere: Bool { variables["S3_ENDPOINT"] != nil }
    /// moto checks no signature, does not refuse a second write, and takes no line break.
    public static var isStrict: Bool { isThere && variables["S3_IS_MOTO"] == nil }
    /// Whether the server answers over TLS, too.
    public static var hasTLS: Bool { variables["S3_TLS_ENDPOINT"] != nil }
    /// The authority that signed the server's certificate, as a PEM file.
    public static var authority: String { variables["S3_AUTHORITY_FILE"] ?? "" }
    /// An authority that has nothing to do with it.
    public static var stranger: String { variables["S3_STRANGER_FILE"] ?? "" }

    /// - Parameter isSecure: over TLS, whatever the style says.
    public static func configuration(secret: String? = nil, isSecure: Bool = false) throws -> S3ClientConfiguration {
        var endpoint = variables[isSecure || style.contains("tls") ? "S3_TLS_ENDPOINT" : "S3_ENDPOINT"] ?? ""
        let isVirtual = style.contains("virtual-host")
        if isVirtual { endpoint = endpoint.replacing("127.0.0.1", with: variables["S3_HOST"] ?? "") }
        return S3ClientConfiguration(
            endpoint: try S3Endpoint(endpoint), addressing: isVirtual ? .virtualHost : .path,
            credentials: .fixed(
                S3Credentials(
                    accessKeyID: variables["S3_ACCESS_KEY"] ?? "",
                    secretAccessKey: secret ?? variables["S3_SECRET_KEY"] ?? "")))
    }

    /// A client's configuration which knows where the buckets' hosts are: no DNS does.
    ///
    /// - Parameter authorities: a PEM file; by default the one that signed the server's certificate.
    public static func connections(to buckets: [String], trusting authorities: String? = nil) throws
        -> HTTPClient.Configuration
    {
        var tls: TLSConfiguration?
        if hasTLS {
            var trusting = TLSConfiguration.makeClientConfiguration()
            trusting.trustRoots = .file(authorities ?? authority)
            tls = trusting
        }
        var configuration = HTTPClient.Configuration.s3(tls: tls)
        guard let host = variables["S3_HOST"] else { return configuration }
        for name in [host] + buckets.map({ "\($0).\(host)" }) { configuration.dnsOverride[name] = "127.0.0.1" }
        return configuration
    }
}
