public import FoundationEssentials
import GRDB
import Hearth
public import Logging

/// The one database file of an embedded Hearth: bus, ledger and timeline.
///
/// Several processes may use it at the same time (`hearth serve` and `hearth ask`).
public struct SQLiteStore: Sendable {
    let pool: DatabasePool
    let committer: GroupCommitter
    let directory: String
    let now: @Sendable () -> Date
    let logger: Logger

    /// Opens or makes `hearth.sqlite` in `directory`.
    ///
    /// - Parameters:
    ///   - fsync: whether a commit waits for the disk. Without it a commit survives the end of the process, not a power cut.
    ///   - now: the time, for tests that must not wait.
    /// - Throws: ``StoreError``: `corrupt` for a damaged file, `conflict` for one that a newer version has written.
    public static func open(
        directory: String,
        fsync: Bool,
        logger: Logger,
        now: @escaping @Sendable () -> Date = { Date() }
    ) throws -> SQLiteStore {
        let path = directory + "/hearth.sqlite"
        return try SQLiteFailure.translating(path: path) {
            try makeDirectory(directory)
            // Two processes that start together must not both make the tables.
            let lock = try FileLock(waitingFor: directory + "/hearth.lock")
            defer { withExtendedLifetime(lock) {} }
            var configuration = Configuration()
            configuration.busyMode = .timeout(10)
            configuration.maximumReaderCount = 4
            configuration.foreignKeysEnabled = true
            let pool = try DatabasePool(path: path, configuration: configuration)
            // After the pool is made: it sets NORMAL by itself when it turns WAL on.
            try pool.writeWithoutTransaction { database in
                try database.execute(sql: "PRAGMA synchronous = \(fsync ? "FULL" : "NORMAL")")
            }
            let migrator = SQLiteSchema.migrator
            if try pool.read(migrator.hasBeenSuperseded) {
                throw StoreError(
                    .conflict,
                    "\(path) was written by a newer version of Hearth. Use that version, or another data.directory.")
            }
            try migrator.migrate(pool)
            return SQLiteStore(
                pool: pool, committer: GroupCommitter(pool, fsync: fsync), directory: directory, now: now,
                logger: logger)
        }
    }

    /// - Parameter isDurable: `false` for what may be forgotten in a power cut because it can be done again.
    func write<Value: Sendable>(
        isDurable: Bool = true,
        _ body: @escaping @Sendable (Database) throws -> Value
    ) async throws -> Value {
        try await SQLiteFailure.translating(path: pool.path) { try await committer.write(isDurable: isDurable, body) }
    }

    /// Reads on the calling thread: a look at a few rows is shorter than the way to another thread and back, and with a
    /// write-ahead log nobody makes it wait.
    func read<Value: Sendable>(_ body: @Sendable (Database) throws -> Value) async throws -> Value {
        try SQLiteFailure.translating(path: pool.path) { try pool.read(body) }
    }

    static func makeDirectory(_ path: String) throws {
        do {
            try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        } catch {
            throw StoreError(.unreachable, "The folder \(path) cannot be made. Check the rights.", underlying: error)
        }
    }

    /// Closes the file; calls that come later fail. Leaves everything in the one file, if no other process uses it.
    public func close() throws {
        // Where this is not possible now, the next one who opens the file does it.
        _ = try? pool.writeWithoutTransaction { try $0.checkpoint(.truncate) }
        try pool.close()
    }
}

extension SQLiteStore {
    /// Whether the last commit waited for the disk.
    package var waitsForDisk: Bool {
        get throws {
            try pool.writeWithoutTransaction { try Int.fetchOne($0, sql: "PRAGMA synchronous") == 2 }
        }
    }

    /// Makes the file look as if a later version had written it.
    package func addFutureMigration() throws {
        try pool.write { try $0.execute(sql: "INSERT INTO grdb_migrations (identifier) VALUES ('99 of the future')") }
    }
}
