import Postgres

/// What of TimescaleDB is in a database.
enum TimescaleDB {
    static func version(_ connection: PostgresConnection) async throws -> String? {
        try await connection.query("SELECT extversion FROM pg_extension WHERE extname = 'timescaledb'").first.map {
            try $0[0]
        }
    }

    static func edition(_ connection: PostgresConnection) async throws -> PostgresEdition {
        guard try await version(connection) != nil else { return .plain }
        let licence: String? = try await connection.query("SELECT current_setting('timescaledb.license', true)")[0][0]
        return licence == "timescale" ? .timescale : .apache
    }

    static func hypertables(_ connection: PostgresConnection) async throws -> [String] {
        try await connection.query(
            """
            SELECT hypertable_name FROM timescaledb_information.hypertables
            WHERE hypertable_schema = current_schema() ORDER BY 1
            """
        ).map { try $0[0] }
    }

    /// Makes the extension where the server has it and we may; where not, the tables stay in one piece.
    static func install(_ connection: PostgresConnection) async throws -> Bool {
        if try await version(connection) != nil { return true }
        // Where the library is not loaded at the server's start, making the extension would end the session.
        let row = try await connection.query(
            """
            SELECT EXISTS (SELECT FROM pg_available_extensions WHERE name = 'timescaledb')
                AND current_setting('shared_preload_libraries') LIKE '%timescaledb%'
            """)[0]
        guard try row[0] else { return false }
        try await connection.execute("SAVEPOINT extension")
        do {
            try await connection.execute("CREATE EXTENSION IF NOT EXISTS timescaledb SCHEMA public")
            try await connection.execute("RELEASE SAVEPOINT extension")
            return true
        } catch let error as PostgresError where error.code == .permissionDenied {
            try await connection.execute("ROLLBACK TO SAVEPOINT extension")
            return false
        }
    }
}
