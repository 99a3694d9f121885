/// Brings the tables of a schema up to date: an ordered list of steps that is only ever added to.
public struct PostgresMigrator: Sendable {
    private let schema: String
    private let migrations: [PostgresMigration]

    /// All migrators of a database wait for each other: what they make may be shared, such as an extension.
    private static let lock = 7_237_124_912_530_411_017

    /// - Parameter schema: where the tables are; lower-case letters, digits and `_`. Made if it is missing.
    /// - Throws: ``PostgresError`` with code `.invalidConfiguration` for another name.
    public init(schema: String, migrations: [PostgresMigration]) throws(PostgresError) {
        guard let first = schema.utf8.first,
            UInt8(ascii: "a")...UInt8(ascii: "z") ~= first || first == UInt8(ascii: "_"),
            schema.utf8.count <= 63, !schema.hasPrefix("pg_"),
            schema.utf8.allSatisfy({
                UInt8(ascii: "a")...UInt8(ascii: "z") ~= $0 || UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0
                    || $0 == UInt8(ascii: "_")
            })
        else {
            throw PostgresError(
                .invalidConfiguration, "The schema's name \(schema) is not 1 to 63 of a-z, 0-9 and _. Choose another.")
        }
        self.schema = schema
        self.migrations = migrations
    }

    /// Applies the steps that are missing, each in a transaction of its own, and returns their names.
    ///
    /// Waits while another process migrates. Steps of a newer version that are additive are let be: so the old and the new
    /// version work side by side while the one replaces the other.
    /// - Throws: ``PostgresError`` with code `.migrationRefused`, before anything is changed, if the database has other steps
    ///   that this list does not have.
    @discardableResult
    public func migrate(_ pool: PostgresPool) async throws -> [String] {
        try await pool.withConnection { connection in
            try await connection.execute("SELECT pg_advisory_lock($1)", [Self.lock], timeout: .seconds(600))
            do {
                let applied = try await apply(connection)
                try await connection.execute("SELECT pg_advisory_unlock($1)", [Self.lock])
                return applied
            } catch {
                // Without a connection there is no lock either.
                _ = try? await connection.conclude("ROLLBACK")
                _ = try? await connection.conclude("SELECT pg_advisory_unlock_all()")
                throw error
            }
        }
    }

    private func apply(_ connection: PostgresConnection) async throws -> [String] {
        try await connection.run(
            script: """
                CREATE SCHEMA IF NOT EXISTS \(schema);
                CREATE TABLE IF NOT EXISTS \(schema).migration (
                    position int PRIMARY KEY,
                    name text NOT NULL UNIQUE,
                    applied_at timestamptz NOT NULL DEFAULT now()
                );
                ALTER TABLE \(schema).migration ADD COLUMN IF NOT EXISTS is_additive bool NOT NULL DEFAULT false;
                """)
        let present: [(name: String, isAdditive: Bool)] = try await connection.query(
            "SELECT name, is_additive FROM \(schema).migration ORDER BY position"
        ).map { (try $0[0], try $0[1]) }
        let known = migrations.map(\.name)
        let newer = present.dropFirst(known.count)
        guard present.prefix(known.count).map(\.name) == Array(known.prefix(present.count)),
            newer.allSatisfy(\.isAdditive)
        else {
            let strange = present.first { !known.contains($0.name) && !$0.isAdditive }?.name ?? "another order"
            throw PostgresError(
                .migrationRefused,
                "The schema \(schema) was written by a newer or another version (\(strange)). Use that version, or another schema."
            )
        }
        let missing = migrations.dropFirst(present.count)
        for (offset, migration) in missing.enumerated() {
            try await connection.execute("BEGIN")
            try await migration.body(connection)
            try await connection.execute(
                "INSERT INTO \(schema).migration (position, name, is_additive) VALUES ($1, $2, $3)",
                [present.count + offset + 1, migration.name, migration.isAdditive])
            try await connection.execute("COMMIT")
        }
        return missing.map(\.name)
    }
}
