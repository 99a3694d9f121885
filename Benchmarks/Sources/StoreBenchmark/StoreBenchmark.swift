import Backends
import Foundation
import Hearth

/// Measures ledger and timeline. POSTGRES_URL names the database: `scripts/with-postgres` starts one.
///
///     StoreBenchmark writes [--seconds 3]
///     StoreBenchmark history --corpus FOLDER [--store postgres|sqlite] [--messages 1000000] [--moved 1000000]
///         [--copies 0]
///         [--answer-bytes 1800] [--fill-seconds 720] [--seconds 5] [--directory DIRECTORY]
@main
enum StoreBenchmark {
    static func main() async throws {
        let arguments = CommandLine.arguments
        func value(_ name: String, _ otherwise: String) -> String {
            guard let place = arguments.firstIndex(of: name), place + 1 < arguments.count else { return otherwise }
            return arguments[place + 1]
        }
        switch arguments.dropFirst().first {
        case "writes": try await writes(seconds: Double(value("--seconds", "3")) ?? 3)
        case "history":
            let corpus = try Corpus(folder: value("--corpus", ".build/checkouts"))
            print("conversations of \(corpus.summary)")
            let directory =
                value("--directory", FileManager.default.temporaryDirectory.path)
                + "/hearth-store-benchmark-\(getpid())"
            defer { try? FileManager.default.removeItem(atPath: directory) }
            let store: any HistoryStore =
                value("--store", "postgres") == "sqlite"
                ? try SQLiteHistory(directory: directory) : try await PostgresHistory(url: try url())
            let messages = Int(value("--messages", "1000000")) ?? 1_000_000
            try await HistoryBenchmark(
                store: store, corpus: corpus, archive: directory + "/archive", messages: messages,
                moved: Int(value("--moved", "1000000")) ?? messages,
                copies: Int(value("--copies", "0")) ?? 0,
                answerBytes: Int(value("--answer-bytes", "1800")) ?? 1_800,
                fillSeconds: Double(value("--fill-seconds", "720")) ?? 720,
                seconds: Double(value("--seconds", "5")) ?? 5
            ).run()
            try await store.close()
        default:
            print("StoreBenchmark: say what is to be measured: writes, or history --corpus FOLDER")
            exit(1)
        }
    }

    private static func url() throws -> String {
        guard let url = ProcessInfo.processInfo.environment["POSTGRES_URL"] else {
            print("StoreBenchmark: POSTGRES_URL names no database. Run it by scripts/with-postgres.")
            exit(1)
        }
        return url
    }

    private static func writes(seconds: Double) async throws {
        let store = try await PostgresHistory.open(try url())
        let report = try await store.report()
        print("PostgreSQL \(report.serverVersion), \(store.edition)\(report.timescaleVersion.map { " \($0)" } ?? "")\n")
        print("| what | lanes | per second | p50 / p99 ms |\n|---|---|---|---|")
        let workload = Workload(store)
        func row(_ name: String, _ lanes: Int, _ work: @escaping @Sendable (Int, Int) async throws -> Void) async throws
        {
            let measurement = try await Measurement(lanes: lanes, seconds: seconds, work)
            print(String(format: "| \(name) | \(lanes) | %.0f | \(measurement.cell) |", measurement.perSecond))
        }
        for lanes in [1, 32, 128] {
            try await row("ledger append, one event", lanes) { try await workload.append(lane: $0, number: $1) }
        }
        for lanes in [1, 32] {
            try await row("question: record, two events, end, timeline", lanes) {
                try await workload.question(lane: $0, number: $1)
            }
        }
        for lanes in [1, 32, 128] {
            try await row("timeline append, question and answer", lanes) { _, _ in try await workload.remember() }
        }
        let timeline = PostgresTimeline(store)
        for lanes in [1, 8] {
            try await row("list the latest 50 sessions", lanes) { _, _ in
                _ = try await timeline.sessions(in: nil, before: nil, limit: 50)
            }
        }
        await store.close()
    }
}
