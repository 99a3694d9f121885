import FoundationEssentials
import Postgres
import Testing

/// The server that `scripts/with-postgres` started, or that POSTGRES_URL names.
enum Server {
    static let url = ProcessInfo.processInfo.environment["POSTGRES_URL"]
    static let rootCertificate = ProcessInfo.processInfo.environment["POSTGRES_ROOT_CERTIFICATE"]

    /// A pool whose tables are in a schema of its own, which is gone afterwards.
    static func withPool(
        _ change: (inout PostgresConfiguration) -> Void = { _ in },
        _ body: (PostgresPool) async throws -> Void
    ) async throws {
        let schema = "test_\(UInt64.random(in: 0...UInt64.max))"
        var configuration = try PostgresConfiguration(try #require(url))
        configuration.maximumConnections = 4
        configuration.sessionSettings = ["search_path": "\(schema), public"]
        change(&configuration)
        let pool = try PostgresPool(configuration)
        try await pool.execute("CREATE SCHEMA \(schema)")
        do { try await body(pool) } catch {
            await pool.close()
            try await drop(schema)
            throw error
        }
        await pool.close()
        try await drop(schema)
    }

    private static func drop(_ schema: String) async throws {
        let pool = try PostgresPool(try PostgresConfiguration(try #require(url)))
        try await pool.execute("DROP SCHEMA \(schema) CASCADE")
        await pool.close()
    }

    /// Waits until some other connection runs a statement that contains `text`; the server does the waiting.
    static func untilRunning(_ text: String, _ pool: PostgresPool) async throws {
        while true {
            let rows = try await pool.query(
                """
                SELECT count(*), pg_sleep(0.01) FROM pg_stat_activity
                WHERE state = 'active' AND query LIKE '%' || $1 || '%' AND pid != pg_backend_pid()
                """, [text])
            let count: Int = try rows[0][0]
            if count > 0 { return }
        }
    }
}

extension Trait where Self == ConditionTrait {
    static var withServer: Self { .enabled(if: Server.url != nil, "POSTGRES_URL names no server") }
}
