import Backends
import GRDB
import Hearth
import Logging

/// History in SQLite.
struct SQLiteHistory: HistoryStore {
    let store: SQLiteStore
    let name = "SQLite"
    private let path: String

    init(directory: String) throws {
        path = directory + "/hearth.sqlite"
        store = try SQLiteStore.open(
            directory: directory, fsync: true,
            logger: Logger(label: "benchmark", factory: { _ in SwiftLogNoOpLogHandler() }))
    }

    var storage: any TimelineStorage { SQLiteTimeline(store) }
    var ledger: any TaskLedger { SQLiteTaskLedger(store) }

    /// A single file is filled fast enough.
    func multiply(_ sessions: [SessionID], copies: Int, days: Double) async throws -> [SessionID] {
        throw Unsupported()
    }

    struct Unsupported: Error, CustomStringConvertible {
        var description: String { "--copies is for PostgreSQL. Leave it out." }
    }

    func settle() async throws {}
    func hotBytes() async throws -> Int { try await bytes(of: ["message"]) }
    func warmBytes() async throws -> Int { try await bytes(of: ["block"]) }
    func manifestBytes() async throws -> Int { try await bytes(of: ["archivePart", "archiveObject"]) }
    func close() async throws { try store.close() }

    /// The pages of tables and of their indexes.
    private func bytes(of tables: [String]) async throws -> Int {
        var configuration = Configuration()
        configuration.readonly = true
        return try await DatabaseQueue(path: path, configuration: configuration).read { database in
            try tables.reduce(0) { sum, table in
                let names = try String.fetchAll(
                    database, sql: "SELECT name FROM sqlite_schema WHERE tbl_name = ? AND rootpage > 0",
                    arguments: [table])
                // Pages, because dbstat's sum of their bytes overflows at 2 GB.
                let pageSize = try Int.fetchOne(database, sql: "PRAGMA page_size") ?? 0
                return try names.reduce(sum) { sum, name in
                    let pages = try Int.fetchOne(
                        database, sql: "SELECT pageno FROM dbstat WHERE name = ? AND aggregate = TRUE",
                        arguments: [name])
                    return sum + (pages ?? 0) * pageSize
                }
            }
        }
    }
}
