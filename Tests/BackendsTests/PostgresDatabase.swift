import Backends
import FoundationEssentials
import Logging
import Postgres
import Testing

/// The database that `scripts/with-postgres` started, or that POSTGRES_URL names.
enum PostgresDatabase {
    static let url = ProcessInfo.processInfo.environment["POSTGRES_URL"]

    /// Stores of so many processes that share a schema, which is made for this and gone afterwards.
    static func withStores(_ count: Int, _ body: ([PostgresStore]) async throws -> Void) async throws {
        var settings = PostgresSettings(url: try #require(url))
        settings.schema = "test_\(UInt64.random(in: 0...UInt64.max))"
        settings.maximumConnections = 4
        var stores: [PostgresStore] = []
        for _ in 0..<count { stores.append(try await PostgresStore.open(settings, logger: .test)) }
        let failure: (any Error)?
        do {
            try await body(stores)
            failure = nil
        } catch { failure = error }
        for store in stores { await store.close() }
        let pool = try PostgresPool(PostgresConfiguration(settings.url))
        try await pool.withTransaction { try await $0.run(script: "DROP SCHEMA \(settings.schema) CASCADE") }
        await pool.close()
        if let failure { throw failure }
    }

    static func withStore(_ body: (PostgresStore) async throws -> Void) async throws {
        try await withStores(1) { try await body($0[0]) }
    }

    /// What the sessions count is what is there.
    static func checkCounts(_ store: PostgresStore) async throws {
        let wrong: Int = try await store.pool.query(
            """
            SELECT count(*) FROM session WHERE
                (hot_messages, hot_bytes) <> (SELECT count(*), coalesce(sum(octet_length(body)), 0)
                    FROM message WHERE message.session = session.id)
                OR first_message_at IS DISTINCT FROM (SELECT min(created_at) FROM message WHERE message.session = session.id)
                OR last_message_at IS DISTINCT FROM (SELECT max(created_at) FROM message WHERE message.session = session.id)
                OR warm_bytes <> (SELECT coalesce(sum(length(data)), 0) FROM block WHERE block.session = session.id)
                OR (cold_messages, cold_bytes) <> (SELECT coalesce(sum(messages), 0), coalesce(sum(bytes), 0)
                    FROM archive_part WHERE archive_part.session = session.id)
            """)[0][0]
        #expect(wrong == 0, "a session counts what is not there")
    }

    /// Returns when somebody waits for what the process of a connection holds.
    static func untilBlocked(by holder: Int, _ store: PostgresStore) async throws {
        let waiting = "SELECT pid FROM pg_stat_activity WHERE $1 = ANY (pg_blocking_pids(pid))"
        while try await store.pool.query(waiting, [Int32(truncatingIfNeeded: holder)]).isEmpty { await Task.yield() }
    }

    /// The chunks that a statement reads: the names of those that its plan has executed, planned for these values or for any.
    ///
    /// - Parameter values: as SQL has them, with their types.
    static func chunksRead(
        _ sql: String,
        _ values: [(literal: String, type: String)],
        anyValues: Bool,
        _ store: PostgresStore
    ) async throws -> Set<String> {
        let plan: [String] = try await store.pool.withTransaction { connection in
            let mode = anyValues ? "force_generic_plan" : "force_custom_plan"
            let types = values.map(\.type).joined(separator: ", ")
            try await connection.run(
                script: "SET LOCAL plan_cache_mode = \(mode); PREPARE page (\(types)) AS \(sql)")
            let rows = try await connection.query(
                """
                EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF, SUMMARY OFF)
                EXECUTE page (\(values.map(\.literal).joined(separator: ", ")))
                """)
            try await connection.execute("DEALLOCATE page")
            return try rows.map { try $0[0] }
        }
        return Set(
            plan.filter { !$0.contains("never executed") }.compactMap { line in
                line.firstMatch(of: /on (_hyper_\d+_\d+_chunk)/).map { String($0.1) }
            })
    }
}

extension Trait where Self == ConditionTrait {
    static var withPostgres: Self { .enabled(if: PostgresDatabase.url != nil, "POSTGRES_URL names no database") }
}
