/// Who the client is.
///
/// Credentials are asked for at every connection, and again when the broker says that they have run out.
public struct Authentication: Sendable {
    let method: String
    let credentials: @Sendable () async throws -> [UInt8]
    /// Files of a client certificate and its key, in PEM.
    let certificate: (chain: String, key: String)?

    private init(
        method: String,
        certificate: (chain: String, key: String)? = nil,
        credentials: @escaping @Sendable () async throws -> [UInt8]
    ) {
        self.method = method
        self.certificate = certificate
        self.credentials = credentials
    }

    /// For a cluster that asks nobody.
    public static let none = Authentication(method: "none") { [] }

    /// A JSON Web Token.
    public static func token(_ token: String) -> Authentication {
        Authentication(method: "token") { Array(token.utf8) }
    }

    /// A token that changes: `supply` is asked for the current one. Access tokens of OAuth 2 go this way too.
    public static func token(supplier supply: @escaping @Sendable () async throws -> String) -> Authentication {
        Authentication(method: "token") { Array(try await supply().utf8) }
    }

    /// A name and a password.
    public static func basic(user: String, password: String) -> Authentication {
        Authentication(method: "basic") { Array("\(user):\(password)".utf8) }
    }

    /// A client certificate, with its key, as files in PEM. The service URL must begin with `pulsar+ssl`.
    public static func tls(certificateFile: String, keyFile: String) -> Authentication {
        Authentication(method: "tls", certificate: (certificateFile, keyFile)) { [] }
    }
}
