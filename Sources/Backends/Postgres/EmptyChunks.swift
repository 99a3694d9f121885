import FoundationEssentials
import Postgres

/// The pieces of a table that TimescaleDB divides by time, where nothing is left of them but files and indexes.
struct EmptyChunks {
    /// How long writers may have to wait for a drop, and a drop for them. Less than the second after which PostgreSQL looks for
    /// deadlocks: where a drop is in the way of a writer it gives up, and no writer fails.
    static let patience: Duration = .milliseconds(500)

    let store: PostgresStore
    let hypertable: PostgresSchema.Hypertable

    /// Drops what is empty and ended before `date`. A chunk that somebody uses at the moment stays until the next time.
    ///
    /// - Returns: how many were dropped; 0 where tables are in one piece.
    func drop(before date: Date, patience: Duration = patience) async throws -> Int {
        guard store.edition != .plain else { return 0 }
        let chunks = try await store.pool.query(
            """
            SELECT range_start, range_end FROM timescaledb_information.chunks
            WHERE hypertable_schema = current_schema() AND hypertable_name = $1 AND range_end <= $2 ORDER BY range_end
            """, [hypertable.table, date]
        ).map { (start: try $0["range_start"] as Date, end: try $0["range_end"] as Date) }
        var dropped = 0
        for chunk in chunks {
            // Looked at without a lock first: most have something in them, and nobody should have to wait for that.
            let isEmpty = try await store.pool.withConnection { try await self.isEmpty(chunk.start, chunk.end, $0) }
            if isEmpty, try await drop(chunk.start, chunk.end, patience) { dropped += 1 }
        }
        return dropped
    }

    private func drop(_ start: Date, _ end: Date, _ patience: Duration) async throws -> Bool {
        do {
            return try await store.pool.withTransaction { connection in
                try await connection.execute(
                    "SELECT set_config('lock_timeout', $1, true)", ["\(Int(patience / .milliseconds(1)))ms"])
                // On the whole table: then all rows that were written are visible, and whoever writes later finds no chunk
                // of that time and makes one. A lock on the chunk alone meets those who make chunks in the wrong order.
                try await connection.execute("LOCK TABLE \(hypertable.table) IN SHARE ROW EXCLUSIVE MODE")
                guard try await isEmpty(start, end, connection) else { return false }
                let dropped = try await connection.query(
                    "SELECT drop_chunks('\(hypertable.table)', older_than => $1::timestamptz, newer_than => $2::timestamptz)",
                    [end, start])
                return !dropped.isEmpty
            }
        } catch let error as PostgresError where error.sqlState == Self.lockNotAvailable {
            return false
        }
    }

    private func isEmpty(_ start: Date, _ end: Date, _ connection: PostgresConnection) async throws -> Bool {
        let column = hypertable.column
        return try await connection.query(
            "SELECT NOT EXISTS (SELECT FROM \(hypertable.table) WHERE \(column) >= $1 AND \(column) < $2)",
            [start, end]
        )[0][0]
    }

    private static let lockNotAvailable = "55P03"
}
