import Foundation
import NIOSSL
import Testing

@testable import Pulsar

/// TLS was not tried with pulsar-lite: the peer is scripted, its certificate made by `openssl` for the test.
@Suite("TLS", .timeLimit(.minutes(1)), .enabled(if: FileManager.default.isExecutableFile(atPath: "/usr/bin/openssl")))
struct ScriptedTLSTests {
    /// A certificate of its own signing for `localhost` alone.
    private func withCertificate<Result: Sendable>(
        _ body: (NIOSSLContext, _ certificate: String) async throws -> Result
    ) async throws -> Result {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("hearth-tls-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let (certificate, key) = (
            folder.appendingPathComponent("c.pem").path, folder.appendingPathComponent("k.pem").path
        )
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/openssl")
        process.arguments = [
            "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", key, "-out", certificate, "-days", "2", "-subj",
            "/CN=localhost", "-addext", "subjectAltName=DNS:localhost",
        ]
        process.standardError = FileHandle.nullDevice
        process.standardOutput = FileHandle.nullDevice
        try await withCheckedThrowingContinuation { continuation in
            process.terminationHandler = { _ in continuation.resume() }
            do { try process.run() } catch { continuation.resume(throwing: error) }
        }
        try #require(process.terminationStatus == 0)
        let chain = try NIOSSLCertificate.fromPEMFile(certificate).map { NIOSSLCertificateSource.certificate($0) }
        let context = try NIOSSLContext(
            configuration: .makeServerConfiguration(
                certificateChain: chain, privateKey: .privateKey(try NIOSSLPrivateKey(file: key, format: .pem))))
        return try await body(context, certificate)
    }

    private func connect(
        _ url: String,
        _ change: @Sendable (inout TLSConfigurationOptions) -> Void
    ) async throws {
        var configuration = try PulsarClientConfiguration(serviceURL: url)
        configuration.operationTimeout = .seconds(2)
        configuration.connectTimeout = .seconds(2)
        change(&configuration.tls)
        try await PulsarClient.withClient(configuration) { try await $0.connect() }
    }

    @Test("a certificate is accepted that the trusted file signs, for the host that was asked for")
    func accepts() async throws {
        try await withCertificate { context, certificate in
            try await ScriptedPeer.withPeer(tls: context) { peer in
                try await connect(peer.url(host: "localhost")) { $0.trustedCertificatesFile = certificate }
                try await connect(peer.url(host: "127.0.0.1")) { options in
                    options.trustedCertificatesFile = certificate
                    options.verifiesHostname = false
                }
                try await connect(peer.url(host: "127.0.0.1")) { $0.allowsInsecureConnection = true }
            }
        }
    }

    @Test("a certificate that nobody trusts, or of another host, is refused")
    func refuses() async throws {
        try await withCertificate { context, certificate in
            try await ScriptedPeer.withPeer(tls: context) { peer in
                let untrusted = await #expect(throws: PulsarError.self) {
                    try await connect(peer.url(host: "localhost")) { _ in }
                }
                let elsewhere = await #expect(throws: PulsarError.self) {
                    try await connect(peer.url(host: "127.0.0.1")) { $0.trustedCertificatesFile = certificate }
                }
                #expect(untrusted?.code == .connectionFailed && elsewhere?.code == .connectionFailed)
                #expect(peer.received.isEmpty)
            }
        }
    }

    @Test("files that are not there, or no PEM, are an error of the settings")
    func badFiles() async throws {
        try await withCertificate { context, _ in
            try await ScriptedPeer.withPeer(tls: context) { peer in
                let error = await #expect(throws: PulsarError.self) {
                    try await connect(peer.url(host: "localhost")) { $0.trustedCertificatesFile = "/nonexistent" }
                }
                #expect(error?.code == .invalidConfiguration)
            }
        }
    }
}
