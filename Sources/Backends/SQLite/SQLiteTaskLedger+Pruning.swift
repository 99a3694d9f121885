public import FoundationEssentials
import GRDB
public import Hearth

extension SQLiteTaskLedger {
    public func prune(finishedBefore date: Date, limit: Int) async throws -> Int {
        try await store.write { database in
            try Self.remove(
                "SELECT id FROM answer WHERE finishedAt < ? ORDER BY finishedAt LIMIT ?",
                [date.timeIntervalSince1970, limit], database)
        }
    }

    public func unfinished(in scope: ErasureScope) async throws -> [CorrelationID] {
        try await store.read { database in
            try String.fetchAll(
                database, sql: "SELECT id FROM answer WHERE \(scope.column) = ? AND finishedAt IS NULL",
                arguments: [scope.value]
            ).compactMap(CorrelationID.init(rawValue:))
        }
    }

    public func erase(_ scope: ErasureScope) async throws {
        _ = try await store.write { database in
            try Self.remove(
                "SELECT id FROM answer WHERE \(scope.column) = ? AND finishedAt IS NOT NULL", [scope.value], database)
        }
    }

    /// Removes the questions that `selection` names; their events go with them (ON DELETE CASCADE).
    private static func remove(
        _ selection: String,
        _ arguments: StatementArguments,
        _ database: Database
    ) throws -> Int {
        let ids = try String.fetchAll(database, sql: selection, arguments: arguments)
        for id in ids {
            try database.run("DELETE FROM question WHERE id = ?", [id])
            try database.run("DELETE FROM answer WHERE id = ?", [id])
        }
        return ids.count
    }
}
