import Backends
import Glibc
import Logging

/// A process for tests to kill: `StoreCrasher DIRECTORY fsync|nosync`, or `StoreCrasher DIRECTORY fsync|nosync heat STEP`.
///
/// Publishes, claims, writes and settles on several lanes, and prints a line after every step that was acknowledged.
/// Ends when nobody reads what it prints. With `heat` it moves history between its tiers and kills itself at a step.
@main
enum StoreCrasher {
    static func main() async throws {
        let arguments = CommandLine.arguments
        guard arguments.count >= 3 else { exit(64) }
        let logger = Logger(label: "crasher", factory: { _ in SwiftLogNoOpLogHandler() })
        let store = try SQLiteStore.open(directory: arguments[1], fsync: arguments[2] == "fsync", logger: logger)
        if arguments.count == 5, arguments[3] == "heat", let step = Int(arguments[4]) {
            return try await HeatLane(store, archive: arguments[1] + "/archive", stoppingAt: step).work(report: say)
        }
        let lane = try CrashLane(store, report: say)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<CrashLane.count {
                group.addTask {
                    while true {
                        try await lane.ask(key: "k\(number / 2)")
                        _ = try await lane.answerOne()
                    }
                }
            }
            try await group.waitForAll()
        }
    }

    private static func say(_ line: String) {
        let bytes = Array("\(line)\n".utf8)
        if write(STDOUT_FILENO, bytes, bytes.count) != bytes.count { exit(1) }
    }
}
