import FoundationEssentials
import Hearth
import HearthTesting
import Logging
import Postgres
import Testing

@testable import Backends

@Suite("Empty chunks in TimescaleDB", .timeLimit(.minutes(5)), .withPostgres)
struct PostgresChunkTests {
    private let epoch = Date(timeIntervalSince1970: 1_700_000_000)
    private let week = 7 * 86_400.0
    /// Longer than any test: whoever waits is seen waiting.
    private let patience: Duration = .seconds(120)

    private func withTimescale(_ count: Int, _ body: ([PostgresStore]) async throws -> Void) async throws {
        try await PostgresDatabase.withStores(count) { stores in
            if stores[0].edition != .plain { try await body(stores) }
        }
    }

    private func chunks(_ store: PostgresStore, of table: String = "message") async throws -> Int {
        try await store.pool.query(
            """
            SELECT count(*) FROM timescaledb_information.chunks
            WHERE hypertable_schema = current_schema() AND hypertable_name = $1
            """, [table])[0][0]
    }

    /// A session with one message, so many weeks after the epoch.
    private func talk(_ timeline: any Timeline, week number: Int) async throws -> Session {
        let session = session(week: number)
        try await timeline.append([message(session)], to: session)
        return session
    }

    private func session(week number: Int) -> Session {
        Session(
            id: .next(), projectID: nil, title: "t", createdAt: epoch.addingTimeInterval(Double(number) * week))
    }

    private func message(_ session: Session) -> Message {
        Message(
            id: "m", sessionID: session.id, projectID: nil, role: .user, text: "text", createdAt: session.createdAt,
            correlationID: .next())
    }

    @Test("what cooled down leaves no chunk, and what is hot or young keeps its own")
    func dropped() async throws {
        try await withTimescale(1) { stores in
            let timeline = PostgresTimeline(stores[0])
            var sessions: [Session] = []
            for number in 0..<4 { sessions.append(try await talk(timeline, week: number)) }
            for session in [sessions[0], sessions[2], sessions[3]] { try await timeline.cool(session.id) }
            // Begun at the end of week 2's chunk at the latest, so that of week 3 is too young.
            #expect(try await timeline.dropEmptyChunks(before: epoch.addingTimeInterval(3 * week)) == 2)
            #expect(try await chunks(stores[0]) == 2)
            #expect(try await timeline.dropEmptyChunks(before: epoch.addingTimeInterval(3 * week)) == 0)
            for session in sessions {
                #expect(try await timeline.messages(in: session.id, before: nil, limit: 9).map(\.id) == ["m"])
            }
            // Late ones are kept where there was a chunk before.
            let late = try await talk(timeline, week: 0)
            #expect(try await chunks(stores[0]) == 3)
            #expect(try await timeline.messages(in: late.id, before: nil, limit: 9).count == 1)
        }
    }

    @Test("a heat run drops them, those of the ledger too")
    func heatRun() async throws {
        try await withTimescale(1) { stores in
            let (store, archive) = (stores[0], MemoryArchiveStore())
            let (timeline, ledger) = (PostgresTimeline(store), PostgresTaskLedger(store))
            let session = try await talk(timeline, week: 0)
            let task = AnswerTask(
                id: .next(at: epoch),
                question: Question(projectID: nil, sessionID: session.id, messages: [], model: "m"),
                replyTo: .unique(), owner: "local", createdAt: epoch, deadline: epoch)
            _ = try await ledger.record(task, deduplicatingWithin: 1)
            _ = try await ledger.beginAttempt(task.id)
            let summary = AnswerSummary(finishReason: .stop, usage: TokenUsage(), generator: "g")
            _ = try await ledger.append([
                ReplyEvent(correlationID: task.id, attempt: 1, sequence: 1, kind: .completed(summary))
            ])
            try await store.pool.execute("UPDATE answer SET finished_at = $1", [epoch])
            let archiver = Archiver(storage: timeline, archive: archive, codec: .zstd, logger: .test)
            let report = try await HeatRun(
                storage: timeline, ledger: ledger, archiver: archiver, policy: HeatPolicy(), logger: .test
            ).run()
            #expect(report.archivedMessages == 1 && report.prunedQuestions == 1 && report.droppedChunks == 1)
            #expect(try await chunks(store) == 0)
            #expect(try await chunks(store, of: "event") == 0)
            let read = ArchivedTimeline(timeline, archiver: archiver)
            #expect(try await read.messages(in: session.id, before: nil, limit: 9).count == 1)
        }
    }

    @Test("a message that is being written when the chunk is looked at keeps the chunk")
    func lateMessageFirst() async throws {
        try await withTimescale(2) { stores in
            let timeline = PostgresTimeline(stores[0])
            try await timeline.cool(try await talk(timeline, week: 0).id)
            let late = session(week: 0)
            let dropping = try await stores[1].pool.withTransaction { connection in
                try await connection.execute(
                    "INSERT INTO session (id, title, created_at, updated_at, used_at) VALUES ($1, 't', $2, $2, $2)",
                    [late.id.rawValue, late.createdAt])
                try await [try MessageRow(message(late), in: late.id)].insert(connection)
                let writer: Int = try await connection.query("SELECT pg_backend_pid()")[0][0]
                let dropping = Task {
                    try await EmptyChunks(store: stores[0], hypertable: PostgresSchema.message)
                        .drop(before: epoch.addingTimeInterval(3 * week), patience: patience)
                }
                try await PostgresDatabase.untilBlocked(by: writer, stores[1])
                return dropping
            }
            #expect(try await dropping.value == 0)
            #expect(try await chunks(stores[0]) == 1)
            #expect(try await timeline.messages(in: late.id, before: nil, limit: 9).count == 1)
        }
    }

    @Test("a message that comes while the chunk is being dropped is written when it is gone")
    func lateMessageSecond() async throws {
        try await withTimescale(2) { stores in
            let timeline = PostgresTimeline(stores[0])
            try await timeline.cool(try await talk(timeline, week: 0).id)
            let late = session(week: 0)
            // A reader of the chunk stops the drop in its middle, when it has locked the table.
            let (dropping, writing) = try await stores[1].pool.withTransaction { connection in
                _ = try await connection.query("SELECT count(*) FROM message")
                let reader: Int = try await connection.query("SELECT pg_backend_pid()")[0][0]
                let dropping = Task {
                    try await EmptyChunks(store: stores[0], hypertable: PostgresSchema.message)
                        .drop(before: epoch.addingTimeInterval(3 * week), patience: patience)
                }
                try await PostgresDatabase.untilBlocked(by: reader, stores[1])
                let dropper: Int32 = try await stores[1].pool.query(
                    "SELECT pid FROM pg_stat_activity WHERE $1 = ANY (pg_blocking_pids(pid))",
                    [Int32(truncatingIfNeeded: reader)])[0][0]
                let writing = Task { try await timeline.append([message(late)], to: late) }
                try await PostgresDatabase.untilBlocked(by: Int(dropper), stores[1])
                return (dropping, writing)
            }
            #expect(try await dropping.value == 1)
            try await writing.value
            #expect(try await timeline.messages(in: late.id, before: nil, limit: 9).count == 1)
            #expect(try await chunks(stores[0]) == 1)
        }
    }

    @Test("a drop that would have to wait leaves the chunk to the next run")
    func inUse() async throws {
        try await withTimescale(2) { stores in
            let timeline = PostgresTimeline(stores[0])
            try await timeline.cool(try await talk(timeline, week: 0).id)
            let later = epoch.addingTimeInterval(3 * week)
            try await stores[1].pool.withTransaction { connection in
                _ = try await connection.query("SELECT count(*) FROM message")
                #expect(try await timeline.dropEmptyChunks(before: later) == 0)
            }
            #expect(try await timeline.dropEmptyChunks(before: later) == 1)
        }
    }

    @Test("what three processes write into old chunks while a fourth drops them is there once")
    func chaos() async throws {
        try await withTimescale(4) { stores in
            let timelines = stores.map { PostgresTimeline($0) }
            let written = try await withThrowingTaskGroup(of: [SessionID].self) { group in
                for lane in 0..<3 {
                    group.addTask {
                        var sessions: [SessionID] = []
                        for number in 0..<60 {
                            let session = try await talk(timelines[lane], week: (number + lane) % 4)
                            sessions.append(session.id)
                            // Most leave their chunk again at once, so that it is empty at any moment.
                            if !number.isMultiple(of: 10) { try await timelines[lane].cool(session.id) }
                        }
                        return sessions
                    }
                }
                group.addTask {
                    for _ in 0..<40 { _ = try await timelines[3].dropEmptyChunks(before: .distantFuture) }
                    return []
                }
                return try await group.reduce(into: []) { $0 += $1 }
            }
            #expect(written.count == 180)
            for id in written {
                #expect(try await timelines[0].messages(in: id, before: nil, limit: 9).count == 1)
            }
            try await PostgresDatabase.checkCounts(stores[0])
        }
    }
}
