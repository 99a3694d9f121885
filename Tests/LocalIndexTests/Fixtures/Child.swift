import Foundation
import Testing

/// The crasher as a child process.
final class Child {
    private let process = Process()
    private let output = Pipe()
    private var rest: [UInt8] = []

    init(_ arguments: [String]) throws {
        // The executables of a package lie beside its test bundle.
        let tests = URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent()
        process.executableURL = tests.appendingPathComponent("LocalIndexCrasher")
        process.arguments = arguments
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        try process.run()
    }

    /// The next line; nil when the child has closed its output.
    func line() -> String? {
        while true {
            if let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
                let line = String(decoding: rest[..<end], as: UTF8.self)
                rest.removeFirst(end + 1)
                return line
            }
            let data = output.fileHandleForReading.availableData
            if data.isEmpty { return nil }
            rest += data
        }
    }

    /// Kills the child and returns the lines that it had still written.
    func kill() -> [String] {
        _ = Glibc.kill(process.processIdentifier, SIGKILL)
        return finish()
    }

    func finish() -> [String] {
        var lines: [String] = []
        while let line = line() { lines.append(line) }
        process.waitUntilExit()
        return lines
    }
}
