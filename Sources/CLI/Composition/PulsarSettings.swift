import Backends
import FoundationEssentials
import Hearth
import Pulsar
import PulsarAdmin

/// The settings of `pulsar.…`.
struct PulsarSettings: Sendable {
    let client: PulsarClientConfiguration
    let names: PulsarTopicNames

    /// - Throws: ``ConfigurationError``.
    init(_ configuration: EffectiveConfiguration) throws {
        do {
            var client = try PulsarClientConfiguration(serviceURL: configuration[.pulsarURL])
            client.authentication = try Self.authentication(configuration)
            let trusted = configuration[.pulsarTrustFile]
            client.tls.trustedCertificatesFile = trusted.isEmpty ? nil : trusted
            self.client = client
        } catch let error as PulsarError {
            throw ConfigurationError("pulsar.url: \(error.message)")
        }
        names = PulsarTopicNames(
            tenant: configuration[.pulsarTenant], namespace: configuration[.pulsarNamespace])
    }

    /// What the cluster has to have, and how to look and make it.
    ///
    /// - Throws: ``ConfigurationError``.
    static func bootstrap(_ configuration: EffectiveConfiguration) throws -> PulsarBootstrap {
        do {
            let admin = try PulsarAdmin(url: configuration[.pulsarAdminURL], token: try token(configuration))
            return PulsarBootstrap(names: try PulsarSettings(configuration).names, admin: admin)
        } catch let error as PulsarAdminError {
            throw ConfigurationError("pulsar.admin_url: \(error.message)")
        }
    }

    /// The token that is sent; `nil` where none is set.
    static func token(_ configuration: EffectiveConfiguration) throws -> String? {
        let (token, file) = (configuration[.pulsarToken], configuration[.pulsarTokenFile])
        guard token.isEmpty || file.isEmpty else {
            throw ConfigurationError("Set pulsar.token or pulsar.token_file, not both.")
        }
        if !token.isEmpty { return token }
        return file.isEmpty ? nil : try read(file)
    }

    private static func authentication(_ configuration: EffectiveConfiguration) throws -> Authentication {
        guard let token = try token(configuration) else { return .none }
        let file = configuration[.pulsarTokenFile]
        return file.isEmpty ? .token(token) : .token(supplier: { try read(file) })
    }

    private static func read(_ file: String) throws -> String {
        guard let data = FileManager.default.contents(atPath: file) else {
            throw ConfigurationError("pulsar.token_file: \(file) cannot be read.")
        }
        return String(decoding: data, as: UTF8.self).trimmingWhitespace()
    }
}
