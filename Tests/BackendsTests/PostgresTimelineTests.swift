import Backends
import FoundationEssentials
import Hearth
import HearthTesting
import Logging
import Postgres
import Testing

@Suite("The PostgreSQL timeline", .timeLimit(.minutes(5)), .withPostgres)
struct PostgresTimelineTests {
    private let epoch = Date(timeIntervalSince1970: 1_700_000_000)
    private let week = 7 * 86_400.0

    private func message(_ id: String, _ session: Session, at date: Date, text: String = "text") -> Message {
        Message(
            id: id, sessionID: session.id, projectID: nil, role: .user, text: text, createdAt: date,
            correlationID: .next())
    }

    @Test("it does what every timeline does", arguments: TimelineConformance.behaviours)
    func conformance(behaviour: Behaviour<TimelineConformance>) async throws {
        try await PostgresDatabase.withStore { store in
            try await behaviour.run(TimelineConformance(PostgresTimeline(store)))
        }
    }

    @Test("it does what every storage with tiers does", arguments: TimelineStorageConformance.behaviours)
    func storage(behaviour: Behaviour<TimelineStorageConformance>) async throws {
        try await PostgresDatabase.withStore { store in
            try await behaviour.run(try TimelineStorageConformance(PostgresTimeline(store), codec: .zstd))
        }
    }

    @Test("read through an archive it does what every timeline does", arguments: TimelineConformance.behaviours)
    func archived(behaviour: Behaviour<TimelineConformance>) async throws {
        try await withTemporaryFolder { folder in
            try await PostgresDatabase.withStore { store in
                let timeline = PostgresTimeline(store)
                let archiver = Archiver(
                    storage: timeline, archive: FolderArchiveStore(root: folder, fsync: false), codec: .zstd,
                    logger: .test)
                try await behaviour.run(TimelineConformance(ArchivedTimeline(timeline, archiver: archiver)))
            }
        }
    }

    @Test("a session is read from the chunks of its time alone, and deleted from them")
    func plan() async throws {
        try await PostgresDatabase.withStore { store in
            guard store.edition != .plain else { return }
            let timeline = PostgresTimeline(store)
            // One session a week for ten weeks, and one that spans weeks 3 and 4.
            for number in 0..<10 {
                let session = Session(id: .next(), projectID: nil, title: "\(number)")
                try await timeline.append(
                    [message("m", session, at: epoch.addingTimeInterval(Double(number) * week))], to: session)
            }
            let session = Session(id: .next(), projectID: nil, title: "spans")
            let messages = [3.0, 4.0].map { message("\($0)", session, at: epoch.addingTimeInterval($0 * week)) }
            try await timeline.append(messages, to: session)
            let chunks: Int = try await store.pool.query(
                "SELECT count(*) FROM timescaledb_information.chunks WHERE hypertable_schema = current_schema()")[0][0]
            #expect(chunks == 10)
            let id = (literal: "'\(session.id)'", type: "text")
            let never = (literal: "'infinity'", type: "timestamptz")
            for anyValues in [false, true] {
                let all = try await PostgresDatabase.chunksRead(
                    PostgresTimeline.page, [id, never, ("100", "int8")], anyValues: anyValues, store)
                #expect(all.count == 2)
                let last = try await PostgresDatabase.chunksRead(
                    PostgresTimeline.page, [id, never, ("1", "int8")], anyValues: anyValues, store)
                #expect(last.count == 1, "the latest first: one message is found in one chunk")
                let unbounded = try await PostgresDatabase.chunksRead(
                    "SELECT body FROM message WHERE session = $1", [id], anyValues: anyValues, store)
                #expect(unbounded.count == 10, "without a bound all are read: the test can fail")
            }
            #expect(try await timeline.messages(in: session.id, before: nil, limit: 9) == messages)
            try await timeline.deleteSession(session.id)
            let left: Int = try await store.pool.query("SELECT count(*) FROM message")[0][0]
            #expect(left == 10)
        }
    }

    @Test("an append that is repeated, by several processes at the same time, is written once")
    func repeated() async throws {
        try await PostgresDatabase.withStores(3) { stores in
            let session = Session(id: .next(), projectID: nil, title: "t", createdAt: epoch)
            let messages = (0..<10).map { message("m\($0)", session, at: epoch.addingTimeInterval(Double($0))) }
            try await withThrowingTaskGroup(of: Void.self) { group in
                for store in stores {
                    for part in 0..<10 {
                        group.addTask {
                            try await PostgresTimeline(store).append(Array(messages[...part]), to: session)
                        }
                    }
                }
                try await group.waitForAll()
            }
            let timeline = PostgresTimeline(stores[0])
            #expect(try await timeline.messages(in: session.id, before: nil, limit: 99) == messages)
            #expect(try await timeline.session(session.id)?.updatedAt == messages[9].createdAt)
        }
    }

    @Test("a message that comes late, before all others, is found")
    func lateMessage() async throws {
        try await PostgresDatabase.withStore { store in
            let timeline = PostgresTimeline(store)
            let session = Session(id: .next(), projectID: nil, title: "t", createdAt: epoch)
            let (late, first) = (
                message("a", session, at: epoch), message("b", session, at: epoch.addingTimeInterval(3 * week))
            )
            try await timeline.append([first], to: session)
            try await timeline.append([late], to: session)
            #expect(try await timeline.messages(in: session.id, before: nil, limit: 9) == [late, first])
        }
    }

    @Test("text that PostgreSQL cannot hold is kept in messages, and fails nobody else's append")
    func oddText() async throws {
        try await PostgresDatabase.withStore { store in
            let timeline = PostgresTimeline(store)
            let session = Session(id: .next(), projectID: nil, title: "a\0b", createdAt: epoch)
            let odd = message("m", session, at: epoch, text: "a\0b\u{FEFF}")
            try await timeline.append([odd], to: session)
            #expect(try await timeline.messages(in: session.id, before: nil, limit: 9) == [odd])
            #expect(try await timeline.session(session.id)?.title == "a b")
            let errors = await withTaskGroup(of: Bool.self) { group in
                for number in 0..<50 {
                    let session = Session(
                        id: .next(), projectID: nil, title: "\(number)", head: number == 25 ? "\0" : "h")
                    group.addTask {
                        do {
                            try await timeline.append([], to: session)
                            return false
                        } catch { return (error as? StoreError)?.code == .invalid }
                    }
                }
                return await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
            }
            #expect(errors == 1)
            #expect(try await timeline.sessions(in: nil, before: nil, limit: 99).count == 50)
        }
    }
}
