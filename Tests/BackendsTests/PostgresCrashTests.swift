import Foundation
import Hearth
import HearthTesting
import Logging
import Postgres
import Testing

@testable import Backends

/// Kills the server that all other tests use: runs alone, and only where it is wanted.
@Suite(
    "PostgreSQL that is killed", .timeLimit(.minutes(5)), .serialized,
    .enabled(if: ProcessInfo.processInfo.environment["POSTGRES_CRASH_TESTS"] != nil, "POSTGRES_CRASH_TESTS is not set"))
struct PostgresCrashTests {
    private static let epoch = Date(timeIntervalSince1970: 1_700_000_000)

    /// What writers were told, and where they are.
    private actor Account {
        private(set) var events: [CorrelationID: [ReplyEvent]] = [:]
        private(set) var messages: [SessionID: [Message]] = [:]

        /// The process at the server whose rows the heat run waits for.
        private(set) var holder = 0

        func hold(_ process: Int) { holder = process }
        func add(_ event: ReplyEvent) { events[event.correlationID, default: []].append(event) }
        func add(_ said: [Message], in session: SessionID) { messages[session, default: []] += said }
    }

    private func server(_ order: String) throws {
        let process = Process()
        process.executableURL = URL(
            fileURLWithPath: try #require(ProcessInfo.processInfo.environment["POSTGRES_CONTROL"]))
        process.arguments = [order]
        try process.run()
        process.waitUntilExit()
        #expect(process.terminationStatus == 0)
    }

    private func said(_ number: Int, in session: Session, at date: Date = epoch) -> [Message] {
        ["question", "answer"].map { kind in
            Message(
                id: "\(number)-\(kind)", sessionID: session.id, projectID: nil, role: .user, text: "\(kind) \(number)",
                createdAt: date.addingTimeInterval(Double(number)), correlationID: .next())
        }
    }

    /// Writes until the server is gone; when it is back writes once more what failed, and then a little more.
    private func write(
        acknowledged: TestSignal,
        failed: TestSignal,
        restarted: TestSignal,
        _ step: (Int) async throws -> Void
    ) async throws {
        var number = 1
        let error: (any Error)?
        do {
            while true {
                try await step(number)
                acknowledged.fire()
                number += 1
            }
        } catch let failure { error = failure }
        #expect((error as? StoreError)?.isRetriable == true, "\(String(describing: error))")
        failed.fire()
        try await restarted.wait()
        // The same again: whether it was committed is not known.
        for number in number...number + 5 { try await step(number) }
    }

    private func heatRun(_ store: PostgresStore, _ archiver: Archiver) -> HeatRun {
        HeatRun(
            storage: PostgresTimeline(store), ledger: PostgresTaskLedger(store), archiver: archiver,
            policy: HeatPolicy(hotDays: 1, warmDays: 10), logger: .test)
    }

    @Test(
        "in the middle of writing and of a heat run loses nothing that was acknowledged and doubles nothing",
        arguments: 1...3)
    func killed(round: Int) async throws {
        try await PostgresDatabase.withStores(2) { stores in
            let store = stores[0]
            let (timeline, ledger) = (PostgresTimeline(store), PostgresTaskLedger(store))
            let archive = MemoryArchiveStore()
            let archiver = Archiver(storage: timeline, archive: archive, codec: .zstd, logger: .test)
            let old = try await fill(timeline)
            let account = Account()
            let (acknowledged, failed, restarted) = (TestSignal(), TestSignal(), TestSignal())
            try await withThrowingTaskGroup(of: Void.self) { group in
                for lane in 0..<4 {
                    let task = try await begun(ledger)
                    group.addTask {
                        try await write(acknowledged: acknowledged, failed: failed, restarted: restarted) { number in
                            let event = ReplyEvent(
                                correlationID: task.id, attempt: 1, sequence: number, kind: .text("\(lane)/\(number)"))
                            let outcome = try await ledger.append([event])
                            #expect(outcome == .appended(isCancellationRequested: false))
                            await account.add(event)
                        }
                    }
                    let session = Session(id: .next(), projectID: nil, title: "\(lane)")
                    group.addTask {
                        try await write(acknowledged: acknowledged, failed: failed, restarted: restarted) { number in
                            let said = said(number, in: session, at: session.createdAt)
                            try await timeline.append(said, to: session)
                            await account.add(said, in: session.id)
                        }
                    }
                }
                // The run has moved some when it comes to rows that somebody holds, in the middle of its transaction.
                let (holding, released) = (TestSignal(), TestSignal())
                group.addTask {
                    await #expect(throws: PostgresError.self) {
                        try await stores[1].pool.withTransaction { connection in
                            _ = try await connection.query(
                                "SELECT FROM message WHERE session = $1 FOR UPDATE", [old[14].session.id.rawValue])
                            let process: Int = try await connection.query("SELECT pg_backend_pid()")[0][0]
                            await account.hold(process)
                            holding.fire()
                            try await released.wait()
                        }
                    }
                }
                try await holding.wait()
                group.addTask {
                    let error = await #expect(throws: StoreError.self) { _ = try await heatRun(store, archiver).run() }
                    #expect(error?.isRetriable == true)
                    failed.fire()
                }
                try await PostgresDatabase.untilBlocked(by: await account.holder, stores[1])
                try await acknowledged.wait(for: 100 * round)
                try server("kill")
                try await failed.wait(for: 9)
                released.fire()
                let away = await #expect(throws: StoreError.self) { try await timeline.projects() }
                #expect(away?.code == .unreachable && away?.isRetriable == true)

                try server("start")
                // Before anybody repeats anything.
                try await check(account, store, isComplete: false)
                try await check(old, timeline, archiver)
                try await PostgresDatabase.checkCounts(store)
                restarted.fire()
                try await group.waitForAll()
            }
            try await check(account, store, isComplete: true)
            let report = try await heatRun(store, archiver).run()
            #expect(report.cooledSessions == 6 && report.archivedSessions == 0)
            try await check(old, timeline, archiver)
            try await PostgresDatabase.checkCounts(store)
            #expect(try await ArchiveAudit(archiver).run().faults.isEmpty)
            #expect(try await heatRun(store, archiver).run() == HeatRun.Report())
        }
    }

    /// Twenty old sessions: the first ten are to be archived, the others to be compressed.
    private func fill(_ timeline: PostgresTimeline) async throws -> [(session: Session, messages: [Message])] {
        var sessions: [(session: Session, messages: [Message])] = []
        for number in 0..<20 {
            let age = number < 10 ? 30.0 : 5.0
            let date = Date(timeIntervalSinceNow: -age * 86_400 + Double(number) * 100)
            let session = Session(id: .next(at: date), projectID: nil, title: "\(number)", createdAt: date)
            let messages = (0..<3).flatMap { said($0, in: session, at: date) }
            try await timeline.append(messages, to: session)
            sessions.append((session, messages))
        }
        return sessions
    }

    /// - Parameter isComplete: whether all that was written was acknowledged; else each writer has one write of which it does
    ///   not know.
    private func check(_ account: Account, _ store: PostgresStore, isComplete: Bool) async throws {
        let (events, messages) = (await account.events, await account.messages)
        #expect(events.count == 4 && messages.count == 4)
        for (id, acknowledged) in events {
            let found = try await PostgresTaskLedger(store).events(of: id, after: 0, limit: .max)
            #expect(found.map(\.sequence) == Array(1...found.count))
            #expect(Array(found.prefix(acknowledged.count)) == acknowledged)
            #expect(found.count <= acknowledged.count + (isComplete ? 0 : 1))
        }
        for (id, acknowledged) in messages {
            let found = try await PostgresTimeline(store).messages(in: id, before: nil, limit: .max).map(\.id)
            let expected = acknowledged.map(\.id)
            #expect(Set(found).count == found.count && Set(found).isSuperset(of: expected))
            #expect(found.count <= expected.count + (isComplete ? 0 : 2))
        }
    }

    private func check(
        _ sessions: [(session: Session, messages: [Message])],
        _ timeline: PostgresTimeline,
        _ archiver: Archiver
    ) async throws {
        let timeline = ArchivedTimeline(timeline, archiver: archiver)
        for (session, messages) in sessions {
            #expect(Set(try await timeline.messages(in: session.id, before: nil, limit: 99)) == Set(messages))
            #expect(try await timeline.messages(in: session.id, before: nil, limit: 99).count == messages.count)
        }
    }

    private func begun(_ ledger: PostgresTaskLedger) async throws -> AnswerTask {
        let task = AnswerTask(
            id: .next(), question: Question(projectID: nil, sessionID: .next(), messages: [], model: "m"),
            replyTo: .unique(), owner: "local", deadline: Date(timeIntervalSinceNow: 600))
        _ = try await ledger.record(task, deduplicatingWithin: 1)
        _ = try await ledger.beginAttempt(task.id)
        return task
    }
}
