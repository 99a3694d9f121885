/// How a `pulsar+ssl` connection is checked.
public struct TLSConfigurationOptions: Hashable, Sendable {
    /// PEM file of the authorities to trust; `nil` trusts the system's.
    public var trustedCertificatesFile: String?
    /// Whether the certificate must be of the host that was asked for.
    public var verifiesHostname: Bool
    /// Accepts any certificate. Whoever is in between can read and change everything: for tests only.
    public var allowsInsecureConnection: Bool

    public init(
        trustedCertificatesFile: String? = nil,
        verifiesHostname: Bool = true,
        allowsInsecureConnection: Bool = false
    ) {
        self.trustedCertificatesFile = trustedCertificatesFile
        self.verifiesHostname = verifiesHostname
        self.allowsInsecureConnection = allowsInsecureConnection
    }
}
