import FoundationEssentials

/// Where credentials come from. They are looked up for each request, so that rotated ones are taken up at once.
public struct S3CredentialSource: Sendable {
    /// `nil` where this source has none.
    private let look: @Sendable () throws -> S3Credentials?
    /// For people: where to put credentials.
    private let place: String

    /// - Parameters:
    ///   - place: for the message that there are none.
    ///   - look: `nil` where there are none; throws ``S3Error`` if they are there and cannot be read.
    public init(place: String, look: @escaping @Sendable () throws -> S3Credentials?) {
        self.place = place
        self.look = look
    }

    /// - Throws: ``S3Error`` with code `noCredentials`.
    public func credentials() throws -> S3Credentials {
        guard let found = try look() else {
            throw S3Error(.noCredentials, "There are no credentials for S3. Set \(place).")
        }
        return found
    }

    /// Always the same.
    public static func fixed(_ credentials: S3Credentials) -> S3CredentialSource {
        S3CredentialSource(place: "credentials") { credentials }
    }

    /// `AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY` and, where there is one, `AWS_SESSION_TOKEN`.
    ///
    /// - Parameter variables: `nil` takes the process's own.
    public static func environment(_ variables: [String: String]? = nil) -> S3CredentialSource {
        let variables = variables ?? ProcessInfo.processInfo.environment
        return S3CredentialSource(place: "AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY") {
            guard let key = variables["AWS_ACCESS_KEY_ID"], !key.isEmpty else { return nil }
            guard let secret = variables["AWS_SECRET_ACCESS_KEY"], !secret.isEmpty else {
                throw S3Error(.noCredentials, "AWS_ACCESS_KEY_ID is set, AWS_SECRET_ACCESS_KEY is not. Set both.")
            }
            let token = variables["AWS_SESSION_TOKEN"].flatMap { $0.isEmpty ? nil : $0 }
            return S3Credentials(accessKeyID: key, secretAccessKey: secret, sessionToken: token)
        }
    }

    /// One profile of a file like `~/.aws/credentials`.
    public static func file(_ path: String, profile: String = "default") -> S3CredentialSource {
        S3CredentialSource(place: "a credentials file at \(path)") {
            guard FileManager.default.fileExists(atPath: path) else { return nil }
            guard let text = read(path) else {
                throw S3Error(.noCredentials, "The credentials file \(path) cannot be read. Check its rights.")
            }
            guard let found = CredentialsFile(text).profile(profile) else {
                throw S3Error(
                    .noCredentials,
                    "\(path) has no profile [\(profile)] with aws_access_key_id and aws_secret_access_key. Add it.")
            }
            return found
        }
    }

    /// A folder into which Kubernetes mounts a secret: one file each, named `AWS_ACCESS_KEY_ID` and
    /// `AWS_SECRET_ACCESS_KEY`, as Rook's bucket claims make it.
    public static func folder(_ path: String) -> S3CredentialSource {
        S3CredentialSource(place: "AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY as files in \(path)") {
            // Kubernetes swaps the whole folder by one link; read through the same one, old and new are never mixed.
            let folder =
                (try? FileManager.default.destinationOfSymbolicLink(atPath: path + "/..data"))
                .map { $0.hasPrefix("/") ? $0 : path + "/" + $0 } ?? path
            guard let key = read(folder + "/AWS_ACCESS_KEY_ID"), let secret = read(folder + "/AWS_SECRET_ACCESS_KEY"),
                !key.isEmpty, !secret.isEmpty
            else { return nil }
            let token = read(folder + "/AWS_SESSION_TOKEN").flatMap { $0.isEmpty ? nil : $0 }
            return S3Credentials(accessKeyID: key, secretAccessKey: secret, sessionToken: token)
        }
    }

    /// The first of several that has any.
    public static func first(_ sources: [S3CredentialSource]) -> S3CredentialSource {
        S3CredentialSource(place: sources.map(\.place).joined(separator: ", or ")) {
            for source in sources {
                if let found = try source.look() { return found }
            }
            return nil
        }
    }

    private static func read(_ path: String) -> String? {
        guard let data = FileManager.default.contents(atPath: path) else { return nil }
        return CredentialsFile.trimmed(String(decoding: data, as: UTF8.self))
    }
}
