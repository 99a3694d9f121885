import FoundationEssentials
import Testing

@testable import Postgres

@Suite("Migrations", .timeLimit(.minutes(1)), .withServer)
struct MigratorTests {
    private let one = PostgresMigration("1 one") { try await $0.execute("CREATE TABLE one (a int8)") }
    private let two = PostgresMigration("2 two") { try await $0.execute("CREATE TABLE two (a int8)") }
    private let broken = PostgresMigration("3 broken") { connection in
        try await connection.execute("CREATE TABLE three (a int8)")
        try await connection.execute("SELECT * FROM nothing")
    }

    /// The schema that the pool's tables are in.
    private func schema(_ pool: PostgresPool) async throws -> String {
        try await pool.query("SELECT current_schema()::text")[0][0]
    }

    @Test("each step is applied once, by whoever comes first")
    func once() async throws {
        try await Server.withPool { pool in
            let schema = try await schema(pool)
            #expect(try await PostgresMigrator(schema: schema, migrations: [one]).migrate(pool) == ["1 one"])
            let migrator = try PostgresMigrator(schema: schema, migrations: [one, two])
            let applied = try await withThrowingTaskGroup(of: [String].self) { group in
                for _ in 0..<4 { group.addTask { try await migrator.migrate(pool) } }
                return try await group.reduce(into: []) { $0 += $1 }
            }
            #expect(applied == ["2 two"])
        }
    }

    @Test("a step that fails leaves nothing behind, and no lock")
    func fails() async throws {
        try await Server.withPool { pool in
            let migrator = try PostgresMigrator(schema: try await schema(pool), migrations: [one, broken])
            for _ in 0..<2 { await #expect(throws: PostgresError.self) { try await migrator.migrate(pool) } }
            let tables: [String] = try await pool.query(
                "SELECT tablename::text FROM pg_tables WHERE schemaname = current_schema() ORDER BY 1"
            ).map { try $0[0] }
            #expect(tables == ["migration", "one"])
        }
    }

    @Test("the tables of a newer version are refused")
    func newer() async throws {
        try await Server.withPool { pool in
            let schema = try await schema(pool)
            try await PostgresMigrator(schema: schema, migrations: [one, two]).migrate(pool)
            let error = await #expect(throws: PostgresError.self) {
                try await PostgresMigrator(schema: schema, migrations: [one]).migrate(pool)
            }
            #expect(error?.code == .migrationRefused && error?.message.contains("2 two") == true)
        }
    }

    @Test("a version that lacks additive steps only works on beside the newer one, and undoes nothing")
    func sideBySide() async throws {
        try await Server.withPool { pool in
            let schema = try await schema(pool)
            let added = PostgresMigration("2 added", isAdditive: true) {
                try await $0.execute("ALTER TABLE one ADD COLUMN b int8 NOT NULL DEFAULT 7")
            }
            let older = try PostgresMigrator(schema: schema, migrations: [one])
            try await PostgresMigrator(schema: schema, migrations: [one, added]).migrate(pool)
            #expect(try await older.migrate(pool).isEmpty)
            // It writes as it always did, and the newer one finds what it expects.
            try await pool.execute("INSERT INTO one (a) VALUES (1)")
            let b: Int = try await pool.query("SELECT b FROM one")[0][0]
            #expect(b == 7)
            // One step that is not additive locks it out, wherever it stands.
            let newest = [
                one, added, PostgresMigration("3 three") { try await $0.execute("CREATE TABLE three (a int8)") },
            ]
            #expect(try await PostgresMigrator(schema: schema, migrations: newest).migrate(pool) == ["3 three"])
            let error = await #expect(throws: PostgresError.self) { try await older.migrate(pool) }
            #expect(error?.code == .migrationRefused && error?.message.contains("3 three") == true)
        }
    }

    @Test("a schema's name is checked", arguments: ["", "Upper", "a b", "a;b", "1a", "pg_own"])
    func names(schema: String) {
        #expect(throws: PostgresError.self) { try PostgresMigrator(schema: schema, migrations: []) }
    }
}
