import Backends
import Foundation
import Hearth
import Logging
import Postgres

/// Writes a second into ledger and timeline in PostgreSQL, and how long it takes to read a session of a large timeline.
///
/// `StoreBenchmark [MESSAGES] [SECONDS]`: how many messages the timeline has (by default 1,000,000), and how long each row is
/// measured (by default 3). POSTGRES_URL names the database; the schema `benchmark` in it is made anew.
@main
enum StoreBenchmark {
    static func main() async throws {
        let arguments = CommandLine.arguments
        let messages = arguments.count > 1 ? Int(arguments[1]) ?? 1_000_000 : 1_000_000
        let seconds = arguments.count > 2 ? Double(arguments[2]) ?? 3 : 3
        guard let url = ProcessInfo.processInfo.environment["POSTGRES_URL"] else {
            print("StoreBenchmark: run it by scripts/with-postgres")
            exit(1)
        }
        let admin = try PostgresPool(PostgresConfiguration(url))
        try await admin.execute("DROP SCHEMA IF EXISTS benchmark CASCADE")
        await admin.close()
        var settings = PostgresSettings(url: url)
        settings.schema = "benchmark"
        let logger = Logger(label: "benchmark", factory: { _ in SwiftLogNoOpLogHandler() })
        let store = try await PostgresStore.open(settings, logger: logger)
        let report = try await store.report()
        print("PostgreSQL \(report.serverVersion), \(store.edition)\(report.timescaleVersion.map { " \($0)" } ?? "")")
        print("what                                                 lanes      per second    p50 ms    p99 ms")
        let workload = Workload(store)
        for lanes in [1, 32, 128] {
            try await row("ledger append, one event", lanes, seconds) {
                try await workload.append(lane: $0, number: $1)
            }
        }
        for lanes in [1, 32] {
            try await row("question: record … two events … end", lanes, seconds) {
                try await workload.question(lane: $0, number: $1)
            }
        }
        for lanes in [1, 32, 128] {
            try await row("timeline append, question and answer", lanes, seconds) { _, _ in
                try await workload.remember()
            }
        }
        let history = try await History.fill(store, messages: messages)
        print(history.summary)
        for lanes in [1, 8] {
            try await row("read a session of \(messages) messages", lanes, seconds) { _, _ in
                try await history.readSession(history.timeline)
            }
        }
        for lanes in [1, 8] {
            try await row("list the latest 50 sessions", lanes, seconds) { _, _ in try await history.list() }
        }
        try await tiers(history, store, seconds)
        await store.close()
    }

    /// The same history, warm and then cold.
    private static func tiers(_ history: History, _ store: PostgresStore, _ seconds: Double) async throws {
        print(try await history.cool(store))
        for lanes in [1, 8] {
            try await row("read a warm session", lanes, seconds) { _, _ in
                try await history.readSession(history.timeline)
            }
        }
        let folder = FileManager.default.temporaryDirectory.path + "/hearth-benchmark-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let archiver = Archiver(
            storage: history.timeline, archive: FolderArchiveStore(root: folder, fsync: true), codec: .zstd,
            logger: Logger(label: "benchmark", factory: { _ in SwiftLogNoOpLogHandler() }))
        print(try await history.archive(archiver, store))
        let timeline = ArchivedTimeline(history.timeline, archiver: archiver)
        for lanes in [1, 8] {
            try await row("read a cold session", lanes, seconds) { _, _ in try await history.readSession(timeline) }
        }
    }

    /// Repeats a piece of work on every lane until the time is over, and prints a row.
    private static func row(
        _ name: String,
        _ lanes: Int,
        _ seconds: Double,
        _ work: @escaping @Sendable (_ lane: Int, _ number: Int) async throws -> Void
    ) async throws {
        let begin = ContinuousClock.now
        let end = begin + .seconds(seconds)
        let durations = try await withThrowingTaskGroup(of: [Double].self) { group in
            for lane in 0..<lanes {
                group.addTask {
                    var durations: [Double] = []
                    while ContinuousClock.now < end {
                        let start = ContinuousClock.now
                        try await work(lane, durations.count)
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
        let figures = String(format: "%7d %15.0f %9.2f %9.2f", lanes, rate, percentile(0.5), percentile(0.99))
        print(name.padding(toLength: 50, withPad: " ", startingAt: 0) + " " + figures)
    }
}
