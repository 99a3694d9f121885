import Foundation
public import NIOSSL

/// A certificate of its own signing for `localhost`, made by `openssl` for the test.
public enum TestCertificate {
    private static let openssl = "/usr/bin/openssl"

    /// Whether there is an `openssl` to make one.
    public static var canBeMade: Bool { FileManager.default.isExecutableFile(atPath: openssl) }

    /// Lends a server's TLS context, and the certificate's file for clients that are to trust it.
    public static func withCertificate<Result>(
        _ body: (NIOSSLContext, _ file: String) async throws -> Result
    ) async throws -> Result {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("hearth-tls-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let certificate = folder.appendingPathComponent("c.pem").path
        let key = folder.appendingPathComponent("k.pem").path
        let process = Process()
        process.executableURL = URL(fileURLWithPath: openssl)
        process.arguments = [
            "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", key, "-out", certificate, "-days", "2", "-subj",
            "/CN=localhost", "-addext", "subjectAltName=DNS:localhost",
        ]
        process.standardError = FileHandle.nullDevice
        process.standardOutput = FileHandle.nullDevice
        try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Void, any Error>) in
            process.terminationHandler = { _ in continuation.resume() }
            do { try process.run() } catch { continuation.resume(throwing: error) }
        }
        let chain = try NIOSSLCertificate.fromPEMFile(certificate).map { NIOSSLCertificateSource.certificate($0) }
        let context = try NIOSSLContext(
            configuration: .makeServerConfiguration(
                certificateChain: chain, privateKey: .privateKey(try NIOSSLPrivateKey(file: key, format: .pem))))
        return try await body(context, certificate)
    }
}
