import Foundation

/// The crasher as a child process. What it says is read as it comes, so that it never waits for its reader.
final class SQLiteCrasherProcess {
    private let process = Process()
    private let output = Pipe()
    private var lines: AsyncStream<String>.AsyncIterator

    /// - Parameter heatStep: move history between its tiers up to this step, instead of the work of gateways and workers.
    init(_ folder: String, fsync: Bool, heatStep: Int? = nil) throws {
        let (stream, continuation) = AsyncStream.makeStream(
            of: String.self, bufferingPolicy: .bufferingNewest(1_000_000))
        lines = stream.makeAsyncIterator()
        // The executables of a package lie beside its test bundle.
        let tests = URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent()
        process.executableURL = tests.appendingPathComponent("StoreCrasher")
        process.arguments = [folder, fsync ? "fsync" : "nosync"] + (heatStep.map { ["heat", "\($0)"] } ?? [])
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        try process.run()
        let handle = output.fileHandleForReading
        Thread { Self.read(handle, into: continuation) }.start()
    }

    /// Reads until the child is gone; a last line without an end is left out.
    private static func read(_ handle: FileHandle, into continuation: AsyncStream<String>.Continuation) {
        var rest: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = Glibc.read(handle.fileDescriptor, &buffer, buffer.count)
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return continuation.finish() }
            rest += buffer[..<count]
            var lines = rest.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
            rest = Array(lines.removeLast())
            for line in lines { continuation.yield(String(decoding: line, as: UTF8.self)) }
        }
    }

    deinit { if process.isRunning { Glibc.kill(process.processIdentifier, SIGKILL) } }

    /// The next line; `nil` when the child is gone.
    func line() async -> String? { await lines.next(isolation: #isolation) }

    /// Waits for the child's end and says whether it ended by itself and without an error; with all that it still wrote.
    func end() async -> (isDone: Bool, lines: [String]) {
        var last: [String] = []
        while let line = await line() { last.append(line) }
        process.waitUntilExit()
        return (process.terminationReason == .exit && process.terminationStatus == 0, last)
    }

    /// Kills the child and returns the whole lines that it had still written.
    func kill() async -> [String] {
        Glibc.kill(process.processIdentifier, SIGKILL)
        var last: [String] = []
        while let line = await line() { last.append(line) }
        process.waitUntilExit()
        return last
    }
}
