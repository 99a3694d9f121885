import FoundationEssentials
import Hearth
import HearthTesting
import Logging
import Postgres
import Testing

@testable import Backends

@Suite("Heat in PostgreSQL", .timeLimit(.minutes(5)), .withPostgres)
struct PostgresHeatTests {
    private let epoch = Date(timeIntervalSince1970: 1_700_000_000)

    /// What writers were told is written.
    private actor Acknowledged {
        private(set) var ids: [SessionID: Set<String>] = [:]
        private(set) var writing = 0

        func begin() { writing += 1 }
        func end() { writing -= 1 }
        func add(_ messages: [Message], in session: SessionID) {
            ids[session, default: []].formUnion(messages.map(\.id))
        }
        func ids(of session: SessionID) -> Set<String> { ids[session] ?? [] }
    }

    private func archived(_ store: PostgresStore, _ archive: any ArchiveStore) -> (Archiver, ArchivedTimeline) {
        let storage = PostgresTimeline(store)
        let archiver = Archiver(storage: storage, archive: archive, codec: .zstd, logger: .test)
        return (archiver, ArchivedTimeline(storage, archiver: archiver))
    }

    private func messages(_ count: Int, in session: Session, named name: String = "m") -> [Message] {
        (0..<count).map { number in
            Message(
                id: "\(name)\(number)", sessionID: session.id, projectID: session.projectID, role: .user,
                text: "What is said \(number)", createdAt: epoch.addingTimeInterval(Double(number)),
                correlationID: .next())
        }
    }

    @Test("what two processes write while a third moves it between the tiers is there once")
    func writingWhileMoving() async throws {
        try await PostgresDatabase.withStores(3) { stores in
            let (archiver, timeline) = archived(stores[2], MemoryArchiveStore())
            let sessions = (0..<3).map { Session(id: .next(), projectID: nil, title: "\($0)", createdAt: epoch) }
            let acknowledged = Acknowledged()
            try await withThrowingTaskGroup(of: Void.self) { group in
                for lane in 0..<4 {
                    await acknowledged.begin()
                    group.addTask {
                        let timeline = PostgresTimeline(stores[lane % 2])
                        for number in 0..<40 {
                            let session = sessions[(number + lane) % 3]
                            let said = messages(3, in: session, named: "\(lane)-\(number)-")
                            try await timeline.append(said, to: session)
                            await acknowledged.add(said, in: session.id)
                            // A worker that does its last step again.
                            if number.isMultiple(of: 4) { try await timeline.append(said, to: session) }
                        }
                        await acknowledged.end()
                    }
                }
                group.addTask {
                    var round = 0
                    while await acknowledged.writing > 0 {
                        let session = sessions[round % 3].id
                        switch round % 5 {
                        case 0: try await PostgresTimeline(stores[2]).cool(session)
                        case 1: _ = try? await archiver.thaw(session)
                        case 2: _ = try await PostgresTimeline(stores[2]).dropEmptyChunks(before: .distantFuture)
                        default: _ = try await archiver.archive([session], of: nil)
                        }
                        try await check(sessions, timeline, acknowledged)
                        round += 1
                    }
                }
                try await group.waitForAll()
            }
            try await PostgresDatabase.checkCounts(stores[0])
            #expect(try await archiver.archive(sessions.map(\.id), of: nil) > 0)
            try await check(sessions, timeline, acknowledged)
            #expect(await acknowledged.ids.values.reduce(0) { $0 + $1.count } == 480)
            #expect(try await ArchiveAudit(archiver).run().faults.isEmpty)
            for session in sessions { _ = try await archiver.thaw(session.id) }
            try await check(sessions, timeline, acknowledged)
            try await PostgresDatabase.checkCounts(stores[0])
            let rows: Int = try await stores[0].pool.query("SELECT count(*) FROM message")[0][0]
            #expect(rows == 480)
        }
    }

    private func check(
        _ sessions: [Session],
        _ timeline: ArchivedTimeline,
        _ acknowledged: Acknowledged
    ) async throws {
        for session in sessions {
            let expected = await acknowledged.ids(of: session.id)
            let found = try await timeline.messages(in: session.id, before: nil, limit: 10_000).map(\.id)
            #expect(Set(found).isSuperset(of: expected) && Set(found).count == found.count)
        }
    }

    /// What is ended in the middle, and what it waits for.
    enum Move: String, CaseIterable, Sendable {
        case cool, archive, thaw, mend

        /// Held by somebody else, so that the move is in the middle of its transaction.
        var obstacle: String {
            switch self {
            case .cool, .archive: "SELECT FROM message FOR UPDATE"
            case .thaw, .mend: "SELECT FROM archive_part FOR UPDATE"
            }
        }
    }

    @Test("a connection that is ended in the middle of a move leaves all as it was", arguments: Move.allCases)
    func ended(move: Move) async throws {
        try await PostgresDatabase.withStores(2) { stores in
            let (archiver, timeline) = archived(stores[0], MemoryArchiveStore())
            let storage = PostgresTimeline(stores[0])
            let session = Session(id: .next(), projectID: nil, title: "t", createdAt: epoch)
            let other = Session(id: .next(), projectID: nil, title: "o", createdAt: epoch)
            let said = messages(5, in: session)
            for (session, said) in [(session, said), (other, messages(5, in: other))] {
                try await timeline.append(said, to: session)
            }
            if move == .thaw || move == .mend {
                #expect(try await archiver.archive([session.id, other.id], of: nil) == 10)
            }
            if move == .mend { try await storage.deleteSession(other.id) }
            func work() async throws {
                switch move {
                case .cool: try await storage.cool(session.id)
                case .archive: #expect(try await archiver.archive([session.id], of: nil) == 5)
                case .thaw: #expect(try await archiver.thaw(session.id) == 5)
                case .mend: #expect(try await archiver.mend() == 1)
                }
            }
            let before = try await contents(stores[0])
            let error = try await endedWhileHeld(by: move.obstacle, stores[1], work)
            #expect((error as? StoreError)?.isRetriable == true)
            #expect(try await contents(stores[0]) == before)
            try await work()
            #expect(try await contents(stores[0]) != before)
            #expect(try await timeline.messages(in: session.id, before: nil, limit: 9) == said)
            try await PostgresDatabase.checkCounts(stores[0])
        }
    }

    /// The error of `work`, whose connection is ended when it waits for what `obstacle` holds.
    private func endedWhileHeld(
        by obstacle: String,
        _ store: PostgresStore,
        _ work: () async throws -> Void
    ) async throws -> (any Error)? {
        try await store.pool.withTransaction { connection in
            _ = try await connection.query(obstacle)
            let holder: Int = try await connection.query("SELECT pg_backend_pid()")[0][0]
            async let ended: Void = {
                while try await store.pool.query(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE $1 = ANY (pg_blocking_pids(pid))",
                    [Int32(truncatingIfNeeded: holder)]
                ).isEmpty { await Task.yield() }
            }()
            do {
                try await work()
                try await ended
                return nil
            } catch {
                try await ended
                return error
            }
        }
    }

    /// All that moves change.
    private func contents(_ store: PostgresStore) async throws -> [String] {
        try await store.pool.query(
            """
            SELECT s::text FROM session s UNION ALL SELECT m::text FROM message m UNION ALL SELECT b::text FROM block b
            UNION ALL SELECT p::text FROM archive_part p UNION ALL SELECT o::text FROM archive_object o
            UNION ALL SELECT d::text FROM archive_deletion d ORDER BY 1
            """
        ).map { try $0[0] }
    }

    @Test("messages of many weeks move between the tiers, each with its session alone")
    func manyWeeks() async throws {
        try await PostgresDatabase.withStore { store in
            let (archiver, timeline) = archived(store, MemoryArchiveStore())
            let sessions = (0..<6).map { week in
                Session(
                    id: .next(), projectID: nil, title: "\(week)",
                    createdAt: epoch.addingTimeInterval(Double(week) * 7 * 86_400))
            }
            for session in sessions {
                let message = Message(
                    id: "m", sessionID: session.id, projectID: nil, role: .user, text: "text",
                    createdAt: session.createdAt, correlationID: .next())
                try await timeline.append([message], to: session)
            }
            if store.edition != .plain {
                let date = "to_timestamp(\(sessions[5].createdAt.timeIntervalSince1970))"
                let deleted = try await PostgresDatabase.chunksRead(
                    LockedSession.deletion, [("'{nobody}'", "text[]"), (date, "timestamptz"), (date, "timestamptz")],
                    anyValues: false, store)
                #expect(deleted.count == 1)
            }
            try await PostgresTimeline(store).cool(sessions[0].id)
            #expect(try await archiver.archive([sessions[0].id, sessions[1].id], of: nil) == 2)
            #expect(try await archiver.thaw(sessions[1].id) == 1)
            for session in sessions {
                #expect(try await timeline.messages(in: session.id, before: nil, limit: 9).count == 1)
            }
            try await PostgresDatabase.checkCounts(store)
            let rows: Int = try await store.pool.query("SELECT count(*) FROM message")[0][0]
            #expect(rows == 5)
        }
    }

    @Test("history that an older version wrote is counted when the tables are brought up to date")
    func migrated() async throws {
        var settings = PostgresSettings(url: try #require(PostgresDatabase.url))
        settings.schema = "test_\(UInt64.random(in: 0...UInt64.max))"
        var configuration = try PostgresConfiguration(settings.url)
        configuration.sessionSettings = ["search_path": "\(settings.schema), public"]
        let pool = try PostgresPool(configuration)
        let old = try PostgresMigrator(schema: settings.schema, migrations: Array(PostgresSchema.migrations.prefix(2)))
        _ = try await old.migrate(pool)
        let session = Session(id: .next(), projectID: nil, title: "t", createdAt: epoch)
        let said = messages(3, in: session)
        try await pool.execute(
            """
            INSERT INTO session (id, title, created_at, updated_at, first_message_at, last_message_at)
            VALUES ($1, 't', $2, $3, $2, $3), ('empty', 't', $2, $2, NULL, NULL)
            """, [session.id.rawValue, epoch, said[2].createdAt])
        for message in said {
            let row = try MessageRow(message, in: session.id)
            try await pool.execute(
                "INSERT INTO message (session, created_at, id, body) VALUES ($1, $2, $3, $4)",
                [session.id.rawValue, row.createdAt, row.id, row.body])
        }
        let store = try await PostgresStore.open(settings, logger: .test)
        try await PostgresDatabase.checkCounts(store)
        let usage = try await PostgresTimeline(store).usage()
        #expect(usage.map(\.tally.messages) == [3] && usage.map(\.newest) == [said[2].createdAt])
        #expect(try await PostgresTimeline(store).messages(in: session.id, before: nil, limit: 9) == said)
        await store.close()
        try await pool.execute("DROP SCHEMA \(settings.schema) CASCADE")
        await pool.close()
    }
}
