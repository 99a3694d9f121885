import Backends
import Foundation
import Hearth
import Logging

/// Tasks a second through the SQLite bus, and events a second into the SQLite ledger.
///
/// `BusBenchmark [DIRECTORY] [SECONDS]`: where the files go (the disk that is to be measured; by default the working
/// folder), and how long each row is measured (by default 3).
@main
enum BusBenchmark {
    static func main() async throws {
        let arguments = CommandLine.arguments
        let folder = arguments.count > 1 ? arguments[1] : FileManager.default.currentDirectoryPath
        let seconds = arguments.count > 2 ? Double(arguments[2]) ?? 3 : 3
        print("what                                      fsync  lanes      per second    p50 ms    p99 ms")
        for fsync in [true, false] {
            for lanes in [1, 32] {
                try await row("publish, claim, settle", fsync, lanes, seconds, in: folder, TaskWork.self)
            }
            for lanes in [1, 32] {
                try await row("publish", fsync, lanes, seconds, in: folder, PublishWork.self)
            }
            for lanes in [1, 32] {
                try await row("ledger append, one event", fsync, lanes, seconds, in: folder, AppendWork.self)
            }
        }
        try await row("backlog of 10,000 tasks", false, 1, seconds, in: folder, BacklogWork.self)
        try await row("claim, hand back beside 10,000 tasks", false, 1, seconds, in: folder, HandBackWork.self)
    }

    /// Repeats a piece of work on every lane until the time is over, and prints a row.
    private static func row<Work: BenchmarkWork>(
        _ name: String,
        _ fsync: Bool,
        _ lanes: Int,
        _ seconds: Double,
        in folder: String,
        _ type: Work.Type
    ) async throws {
        let directory = "\(folder)/bus-benchmark-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: directory) }
        let logger = Logger(label: "benchmark", factory: { _ in SwiftLogNoOpLogHandler() })
        let store = try SQLiteStore.open(directory: directory, fsync: fsync, logger: logger)
        let work = try await type.init(store)
        let begin = ContinuousClock.now
        let end = begin + .seconds(seconds)
        let durations = try await withThrowingTaskGroup(of: [Double].self) { group in
            for lane in 0..<lanes {
                group.addTask {
                    var durations: [Double] = []
                    while ContinuousClock.now < end {
                        let start = ContinuousClock.now
                        try await work.perform(lane: lane, number: durations.count)
                        durations.append(start.duration(to: .now) / .milliseconds(1))
                    }
                    return durations
                }
            }
            return try await group.reduce(into: []) { $0 += $1 }
        }
        let sorted = durations.sorted()
        let rate = Double(sorted.count) / (begin.duration(to: .now) / .seconds(1))
        let percentile = { (share: Double) in sorted[min(sorted.count - 1, Int(Double(sorted.count) * share))] }
        let fields = [
            name.padding(toLength: 42, withPad: " ", startingAt: 0), fsync ? "on   " : "off  ",
            String(format: "%7d %15.0f %9.2f %9.2f", lanes, rate, percentile(0.5), percentile(0.99)),
        ]
        print(fields.joined())
        try store.close()
    }
}
