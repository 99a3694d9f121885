import Foundation
import Testing

@testable import Postgres

/// Crashes the server that all other tests use: runs alone, and only where it is wanted.
@Suite(
    "A server that crashes", .timeLimit(.minutes(2)), .serialized,
    .enabled(if: ProcessInfo.processInfo.environment["POSTGRES_CRASH_TESTS"] != nil, "POSTGRES_CRASH_TESTS is not set"))
struct RestartTests {
    private func server(_ order: String) throws {
        let process = Process()
        process.executableURL = URL(
            fileURLWithPath: try #require(ProcessInfo.processInfo.environment["POSTGRES_CONTROL"]))
        process.arguments = [order]
        try process.run()
        process.waitUntilExit()
        #expect(process.terminationStatus == 0)
    }

    @Test("calls fail with retriable errors while it is away, and all connections work when it is back")
    func crash() async throws {
        let pool = try PostgresPool(PostgresConfiguration(try #require(Server.url)))
        try await pool.execute("CREATE TABLE IF NOT EXISTS crash (a int8)")
        try await pool.execute("INSERT INTO crash VALUES (1)")
        let callers = (0..<4).map { _ in Task { try await pool.execute("SELECT pg_sleep(60) /* until the crash */") } }
        try await Server.untilRunning("/* until the crash */", pool)
        try server("crash")
        for caller in callers {
            let error = await #expect(throws: PostgresError.self) { try await caller.value }
            #expect(error?.isRetriable == true)
        }
        let away = await #expect(throws: PostgresError.self) { try await pool.execute("SELECT 1") }
        #expect(away?.code == .connectionFailed && away?.isRetriable == true)
        try server("start")
        // What was committed is there.
        let counts = try await withThrowingTaskGroup(of: Int.self) { group in
            for _ in 0..<20 { group.addTask { try await pool.query("SELECT count(*) FROM crash")[0][0] } }
            return try await group.reduce(into: Set()) { $0.insert($1) }
        }
        #expect(counts == [1])
        try await pool.execute("DROP TABLE crash")
        await pool.close()
    }
}
