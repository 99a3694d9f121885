import Backends
import Hearth
import Logging
import Postgres

/// History in PostgreSQL.
struct PostgresHistory: HistoryStore {
    let store: PostgresStore
    let name: String

    /// - Parameter url: of a database; the schema `benchmark` in it is made anew.
    init(url: String) async throws {
        store = try await Self.open(url)
        let report = try await store.report()
        name =
            "PostgreSQL \(report.serverVersion.prefix { $0 != " " })"
            + (report.timescaleVersion.map { ", TimescaleDB \($0) (\(report.edition))" } ?? "")
    }

    static func open(_ url: String) async throws -> PostgresStore {
        let admin = try PostgresPool(PostgresConfiguration(url))
        try await admin.execute("DROP SCHEMA IF EXISTS benchmark CASCADE", timeout: .seconds(600))
        await admin.close()
        var settings = PostgresSettings(url: url)
        settings.schema = "benchmark"
        return try await PostgresStore.open(
            settings, logger: Logger(label: "benchmark", factory: { _ in SwiftLogNoOpLogHandler() }))
    }

    var storage: any TimelineStorage { PostgresTimeline(store) }
    var ledger: any TaskLedger { PostgresTaskLedger(store) }

    func multiply(_ sessions: [SessionID], copies: Int, days: Double) async throws -> [SessionID] {
        for copy in 1...copies {
            for (table, key) in [("session", "id"), ("message", "session")] {
                let columns = try await store.pool.query(
                    """
                    SELECT column_name::text, data_type::text FROM information_schema.columns
                    WHERE table_schema = current_schema() AND table_name = $1 AND is_generated = 'NEVER'
                    ORDER BY ordinal_position
                    """, [table]
                ).map { (name: try $0[0] as String, type: try $0[1] as String) }
                let values = columns.map { column in
                    if column.name == key { return "\(key) || '-\(copy)'" }
                    guard column.type.hasPrefix("timestamp") else { return column.name }
                    return "\(column.name) + interval '\(Int(days * 86_400) + copy * 60) seconds'"
                }
                let names = columns.map(\.name).joined(separator: ", ")
                try await store.pool.execute(
                    "INSERT INTO \(table) (\(names)) SELECT \(values.joined(separator: ", ")) FROM \(table) "
                        + "WHERE \(key) NOT LIKE '%-%'",
                    timeout: .seconds(3_600))
            }
        }
        return (1...copies).flatMap { copy in sessions.compactMap { SessionID(rawValue: "\($0)-\(copy)") } }
    }

    func settle() async throws {
        for table in ["message", "session", "block", "archive_part"] {
            try await store.pool.execute("VACUUM ANALYZE \(table)", timeout: .seconds(3_600))
        }
    }

    func hotBytes() async throws -> Int {
        try await bytes(store.edition == .plain ? "pg_total_relation_size('message')" : "hypertable_size('message')")
    }

    func warmBytes() async throws -> Int { try await bytes("pg_total_relation_size('block')") }

    func manifestBytes() async throws -> Int {
        try await bytes("pg_total_relation_size('archive_part') + pg_total_relation_size('archive_object')")
    }

    func close() async throws { await store.close() }

    private func bytes(_ expression: String) async throws -> Int {
        try await store.pool.query("SELECT (\(expression))::int8")[0][0]
    }
}
