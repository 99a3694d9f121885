import AsyncHTTPClient
import FoundationEssentials
import NIOSSL
import S3

/// The settings of `s3.…`.
enum S3Settings {
    /// A client of the configured server.
    ///
    /// - Throws: ``ConfigurationError``.
    static func client(_ configuration: EffectiveConfiguration) throws -> S3Client {
        guard !configuration[.s3Endpoint].isEmpty else {
            throw ConfigurationError(
                "s3.endpoint is not set. Set it to where the object store answers, for example http://127.0.0.1:7480.")
        }
        do {
            let client = S3ClientConfiguration(
                endpoint: try S3Endpoint(configuration[.s3Endpoint]), region: configuration[.s3Region],
                addressing: configuration.flag(.s3PathStyle) ? .path : .virtualHost,
                credentials: try credentials(configuration))
            return S3Client(client, http: try pool(trusting: configuration[.s3TrustFile]))
        } catch let error as S3Error {
            throw ConfigurationError("s3.endpoint: \(error.message)")
        }
    }

    private static func credentials(_ configuration: EffectiveConfiguration) throws -> S3CredentialSource {
        let (key, secret) = (configuration[.s3AccessKey], configuration[.s3SecretKey])
        guard key.isEmpty == secret.isEmpty else {
            throw ConfigurationError("Set s3.access_key_id and s3.secret_access_key, both or neither.")
        }
        if !key.isEmpty { return .fixed(S3Credentials(accessKeyID: key, secretAccessKey: secret)) }
        let (folder, file) = (configuration[.s3CredentialsFolder], configuration[.s3CredentialsFile])
        guard folder.isEmpty || file.isEmpty else {
            throw ConfigurationError("Set s3.credentials_folder or s3.credentials_file, not both.")
        }
        if !folder.isEmpty { return .folder(DataDirectory.absolute(folder)) }
        let profile = ProcessInfo.processInfo.environment["AWS_PROFILE"] ?? "default"
        if !file.isEmpty { return .file(DataDirectory.absolute(file), profile: profile) }
        return .environment()
    }

    private static func pool(trusting file: String) throws -> HTTPClient {
        try HTTPPools.pool("s3 \(file)") {
            guard !file.isEmpty else { return .s3() }
            var tls = TLSConfiguration.makeClientConfiguration()
            do {
                tls.trustRoots = .certificates(try NIOSSLCertificate.fromPEMFile(DataDirectory.absolute(file)))
            } catch {
                throw ConfigurationError(
                    "s3.trusted_certificates_file: \(file) is no file of certificates. Name one in PEM format.")
            }
            return .s3(tls: tls)
        }
    }
}
