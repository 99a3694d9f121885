import FoundationEssentials
import S3
import Testing

@Suite("Credentials")
struct CredentialTests {
    private let pair = S3Credentials(accessKeyID: "AK", secretAccessKey: "S/K=+")

    private func withFolder(_ body: (String) throws -> Void) throws {
        let path = FileManager.default.temporaryDirectory.path() + "s3-credentials-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: path) }
        try body(path)
    }

    private func write(_ text: String, _ path: String) throws {
        try Data(text.utf8).write(to: URL(filePath: path), options: .atomic)
    }

    @Test("the environment has both halves, or none counts")
    func environment() throws {
        let full = ["AWS_ACCESS_KEY_ID": "AK", "AWS_SECRET_ACCESS_KEY": "S/K=+"]
        #expect(try S3CredentialSource.environment(full).credentials() == pair)
        let session = full.merging(["AWS_SESSION_TOKEN": "T"]) { $1 }
        #expect(try S3CredentialSource.environment(session).credentials().sessionToken == "T")
        #expect(throws: S3Error.self) { try S3CredentialSource.environment(["AWS_ACCESS_KEY_ID": "AK"]).credentials() }
        #expect(throws: S3Error.self) { try S3CredentialSource.environment([:]).credentials() }
    }

    @Test("a credentials file has profiles, comments and spaces")
    func file() throws {
        try withFolder { folder in
            let path = folder + "/credentials"
            try write(
                "# mine\n[default]\naws_access_key_id=AK\naws_secret_access_key = S/K=+ \n\n[ other ]\r\n; more\n"
                    + "AWS_ACCESS_KEY_ID = B\naws_secret_access_key=C\naws_session_token=D\n[profile half]\naws_access_key_id=E\n",
                path)
            #expect(try S3CredentialSource.file(path).credentials() == pair)
            #expect(
                try S3CredentialSource.file(path, profile: "other").credentials()
                    == S3Credentials(accessKeyID: "B", secretAccessKey: "C", sessionToken: "D"))
            #expect(throws: S3Error.self) { try S3CredentialSource.file(path, profile: "half").credentials() }
            #expect(throws: S3Error.self) { try S3CredentialSource.file(folder + "/none").credentials() }
        }
    }

    @Test("a mounted secret is read again when Kubernetes has swapped it")
    func mountedSecret() throws {
        try withFolder { folder in
            let source = S3CredentialSource.folder(folder)
            #expect(throws: S3Error.self) { try source.credentials() }
            func mount(_ name: String, _ secret: String) throws {
                try FileManager.default.createDirectory(atPath: folder + "/" + name, withIntermediateDirectories: true)
                try write("AK\n", folder + "/\(name)/AWS_ACCESS_KEY_ID")
                try write(secret, folder + "/\(name)/AWS_SECRET_ACCESS_KEY")
                try? FileManager.default.removeItem(atPath: folder + "/..data")
                try FileManager.default.createSymbolicLink(atPath: folder + "/..data", withDestinationPath: name)
            }
            try mount("..first", "S/K=+")
            #expect(try source.credentials() == pair)
            try mount("..second", "new")
            #expect(try source.credentials().secretAccessKey == "new")
        }
    }

    @Test("the first source that has any is taken, and all are named where none has")
    func order() throws {
        let sources = S3CredentialSource.first([.environment([:]), .fixed(pair), .folder("/none")])
        #expect(try sources.credentials() == pair)
        let none = S3CredentialSource.first([.environment([:]), .folder("/none")])
        let error = #expect(throws: S3Error.self) { try none.credentials() }
        #expect(error?.code == .noCredentials && error?.message.contains("/none") == true)
        #expect("\(pair)".contains("S/K") == false)
    }
}
