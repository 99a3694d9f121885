import FoundationEssentials
import Hearth
import Logging
import Postgres
import Testing

@testable import Backends

@Suite("A PostgreSQL store", .timeLimit(.minutes(5)), .withPostgres)
struct PostgresStoreTests {
    @Test("it says what the database can do, and divides its tables where it can")
    func report() async throws {
        try await PostgresDatabase.withStore { store in
            let report = try await store.report()
            #expect(report.serverVersion.isEmpty == false && report.edition == store.edition)
            switch store.edition {
            case .plain:
                #expect(report.timescaleVersion == nil && report.hypertables.isEmpty && report.remarks.count == 1)
            case .apache: #expect(report.hypertables == ["event", "message"] && report.remarks.count == 1)
            case .timescale: #expect(report.hypertables == ["event", "message"] && report.remarks.count == 1)
            }
        }
    }

    @Test("processes that start at the same time make the tables once")
    func together() async throws {
        var settings = PostgresSettings(url: try #require(PostgresDatabase.url))
        settings.schema = "test_\(UInt64.random(in: 0...UInt64.max))"
        let (ready, schema) = (settings, settings.schema)
        let stores = try await withThrowingTaskGroup(of: PostgresStore.self) { group in
            for _ in 0..<4 { group.addTask { try await PostgresStore.open(ready, logger: .test) } }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        let steps: Int = try await stores[0].pool.query("SELECT count(*) FROM migration")[0][0]
        #expect(steps == PostgresSchema.migrations.count)
        try await stores[0].pool.execute("INSERT INTO migration (position, name) VALUES (99, '99 of the future')")
        let error = await #expect(throws: StoreError.self) { try await PostgresStore.open(ready, logger: .test) }
        #expect(error?.code == .conflict)
        try await stores[0].pool.execute("DROP SCHEMA \(schema) CASCADE")
        for store in stores { await store.close() }
    }

    @Test("a store that is closed, and one that nobody answers for, say so")
    func failures() async throws {
        try await PostgresDatabase.withStore { store in
            await store.close()
            let closed = await #expect(throws: StoreError.self) { try await PostgresTimeline(store).projects() }
            #expect(closed?.code == .closed)
        }
        let nobody = await #expect(throws: StoreError.self) {
            try await PostgresStore.open(PostgresSettings(url: "postgresql://127.0.0.1:1/nowhere"), logger: .test)
        }
        #expect(nobody?.code == .unreachable && nobody?.isRetriable == true)
        let nonsense = await #expect(throws: StoreError.self) {
            try await PostgresStore.open(PostgresSettings(url: "http://nowhere"), logger: .test)
        }
        #expect(nonsense?.code == .invalid)
    }
}
