import Foundation
import Synchronization

/// The crasher as a child process. What it says is read as it comes, so that it never waits for its reader.
final class SQLiteCrasherProcess {
    private let process = Process()
    private let output = Pipe()
    private var lines: AsyncStream<String>.AsyncIterator

    init(_ folder: String, fsync: Bool) throws {
        let (stream, continuation) = AsyncStream.makeStream(of: String.self, bufferingPolicy: .bufferingNewest(1_000_000))
        lines = stream.makeAsyncIterator()
        let rest = Mutex(Data())
        output.fileHandleForReading.readabilityHandler = { handle in
            let data = handle.availableData
            if data.isEmpty {
                handle.readabilityHandler = nil
                return continuation.finish()
            }
            let complete = rest.withLock { rest in
                rest += data
                var parts = rest.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
                rest = Data(parts.removeLast())
                return parts.map { String(decoding: $0, as: UTF8.self) }
            }
            for line in complete { continuation.yield(line) }
        }
        // The executables of a package lie beside its test bundle.
        let tests = URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent()
        process.executableURL = tests.appendingPathComponent("StoreCrasher")
        process.arguments = [folder, fsync ? "fsync" : "nosync"]
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        try process.run()
    }

    deinit { if process.isRunning { Glibc.kill(process.processIdentifier, SIGKILL) } }

    /// The next line; `nil` when the child is gone.
    func line() async -> String? { await lines.next(isolation: #isolation) }

    /// Kills the child and returns the whole lines that it had still written.
    func kill() async -> [String] {
        Glibc.kill(process.processIdentifier, SIGKILL)
        var last: [String] = []
        while let line = await line() { last.append(line) }
        process.waitUntilExit()
        return last
    }
}
