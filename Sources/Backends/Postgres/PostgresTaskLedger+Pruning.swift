public import FoundationEssentials
public import Hearth
import Postgres

extension PostgresTaskLedger {
    public func prune(finishedBefore date: Date, limit: Int) async throws -> Int {
        let removed = try await remove("finished_at < $1 ORDER BY finished_at LIMIT $2", [date, limit])
        // With the last of them, the chunks in which nothing is left.
        if removed < limit {
            try await PostgresFailure.translating {
                try await EmptyChunks(store: store, hypertable: PostgresSchema.event).drop(before: date)
            }
        }
        return removed
    }

    public func unfinished(in scope: ErasureScope) async throws -> [CorrelationID] {
        try await PostgresFailure.translating {
            try await store.pool.query(
                "SELECT id FROM answer WHERE \(scope.column) = $1 AND finished_at IS NULL", [scope.value]
            ).compactMap { CorrelationID(rawValue: try $0["id"]) }
        }
    }

    public func erase(_ scope: ErasureScope) async throws {
        _ = try await remove("\(scope.column) = $1 AND finished_at IS NOT NULL", [scope.value])
    }

    /// Removes questions, their answers' rows and their events, these from the chunks of the questions' times.
    private func remove(_ condition: String, _ parameters: [any PostgresValue]) async throws -> Int {
        try await PostgresFailure.translating {
            try await store.pool.withTransaction { connection in
                let gone = try await connection.query(
                    """
                    DELETE FROM answer WHERE id IN (SELECT id FROM answer WHERE \(condition))
                        AND finished_at IS NOT NULL RETURNING id, created_at
                    """, parameters)
                let ids: [String] = try gone.map { try $0["id"] }
                let times: [Date] = try gone.map { try $0["created_at"] }
                guard let first = times.min(), let last = times.max() else { return 0 }
                try await connection.execute("DELETE FROM question WHERE id = ANY ($1)", [ids])
                try await connection.execute(
                    "DELETE FROM event WHERE id = ANY ($1) AND task_created_at >= $2 AND task_created_at <= $3",
                    [ids, first, last])
                return ids.count
            }
        }
    }
}
