public import FoundationEssentials
import Hearth
public import Logging
public import Postgres

/// The database that gateways and workers share: the pool, and the tables as this version wants them.
public struct PostgresStore: Sendable {
    public let pool: PostgresPool
    public let edition: PostgresEdition
    let events: WriteGatherer<[ReplyEvent], Result<AppendOutcome, StoreError>>
    let messages: WriteGatherer<TimelineAppend, Void>
    let now: @Sendable () -> Date

    /// Connects, finds out what the database can do, and brings its tables up to date. Several processes may do this at the
    /// same time.
    ///
    /// - Parameter now: the time, for tests that must not wait.
    /// - Throws: `StoreError`: `unreachable` if nobody answers, `conflict` for tables that a newer version has written, `invalid`
    ///   for settings that can never work.
    public static func open(
        _ settings: PostgresSettings,
        logger: Logger,
        now: @escaping @Sendable () -> Date = { Date() }
    ) async throws -> PostgresStore {
        try await PostgresFailure.translating {
            var configuration = try PostgresConfiguration(settings.url)
            configuration.maximumConnections = settings.maximumConnections
            configuration.sessionSettings = ["search_path": "\(settings.schema), public"]
            let migrator = try PostgresMigrator(schema: settings.schema, migrations: PostgresSchema.migrations)
            let pool = try PostgresPool(configuration)
            do {
                let applied = try await migrator.migrate(pool)
                if !applied.isEmpty {
                    logger.notice("database migrated", metadata: ["steps": "\(applied.joined(separator: ", "))"])
                }
                let edition = try await pool.withConnection { try await TimescaleDB.edition($0) }
                return PostgresStore(pool, edition: edition, now: now)
            } catch {
                await pool.close()
                throw error
            }
        }
    }

    private init(_ pool: PostgresPool, edition: PostgresEdition, now: @escaping @Sendable () -> Date) {
        self.pool = pool
        self.edition = edition
        self.now = now
        events = WriteGatherer(limit: 256) { try await EventBatch.commit($0, pool, now: now()) }
        messages = WriteGatherer(limit: 256) { appends in
            try await TimelineAppend.commit(appends, pool)
            return appends.map { _ in () }
        }
    }

    /// What `doctor` says of the database.
    public func report() async throws -> PostgresReport {
        try await PostgresFailure.translating {
            try await pool.withConnection { connection in
                let server: String = try await connection.query("SELECT current_setting('server_version')")[0][0]
                let version = try await TimescaleDB.version(connection)
                return PostgresReport(
                    serverVersion: server, timescaleVersion: version, edition: edition,
                    hypertables: version == nil ? [] : try await TimescaleDB.hypertables(connection),
                    tables: PostgresSchema.hypertables.map(\.table))
            }
        }
    }

    /// Closes the connections; calls that come later fail.
    public func close() async { await pool.close() }
}
