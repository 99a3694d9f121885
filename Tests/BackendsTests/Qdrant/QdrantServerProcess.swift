import Foundation
import Synchronization

/// A server of a test's own that can be killed and started again, on the same port and with the same data.
final class QdrantServerProcess: Sendable {
    /// What starts one, a word a line; set by `scripts/with-qdrant`.
    static let command = ProcessInfo.processInfo.environment["QDRANT_TEST_SERVER"]?.split(separator: "\n").map(
        String.init)

    let url: String
    private let folder: String
    private let arguments: [String]
    private let process: Mutex<Process>

    /// Lends a server, which is gone afterwards.
    static func with<Result>(
        in folder: String, arguments: [String] = [], _ body: (QdrantServerProcess) async throws -> Result
    ) async throws -> Result {
        let (process, url) = try await launch(["--data", folder] + arguments)
        let server = QdrantServerProcess(process, url: url, folder: folder, arguments: arguments)
        defer { server.kill() }
        return try await body(server)
    }

    private init(_ process: Process, url: String, folder: String, arguments: [String]) {
        self.process = Mutex(process)
        self.url = url
        self.folder = folder
        self.arguments = arguments
    }

    /// No chance to tidy up.
    func kill() {
        process.withLock { process in
            guard process.isRunning else { return }
            Foundation.kill(process.processIdentifier, SIGKILL)
            process.waitUntilExit()
        }
    }

    func startAgain() async throws {
        let port = url.split(separator: ":").last.map(String.init) ?? ""
        let (again, _) = try await Self.launch(
            ["--data", folder, "--port", port] + arguments)
        process.withLock { $0 = again }
    }

    /// Returns when the server says that it listens.
    private static func launch(_ arguments: [String]) async throws -> (Process, url: String) {
        guard let command, let program = command.first else { throw CancellationError() }
        let process = Process()
        process.executableURL = URL(fileURLWithPath: program)
        process.arguments = command.dropFirst() + arguments
        let output = Pipe()
        process.standardOutput = output
        process.standardInput = FileHandle.nullDevice
        try process.run()
        var line = Data()
        while line.last != UInt8(ascii: "\n") {
            let more = output.fileHandleForReading.availableData
            guard !more.isEmpty else { break }
            line += more
        }
        return (process, String(decoding: line.dropLast(), as: UTF8.self))
    }
}
