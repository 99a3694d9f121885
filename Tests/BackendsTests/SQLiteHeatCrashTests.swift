import Backends
import FoundationEssentials
import Hearth
import HearthTesting
import Logging
import StoreCrasher
import Testing

@Suite("Heat and SIGKILL", .serialized, .timeLimit(.minutes(5)))
struct SQLiteHeatCrashTests {
    /// What was acknowledged to whoever wrote it.
    private actor Acknowledged {
        private(set) var messages: [SessionID: [String]] = [:]
        /// To be deleted, acknowledged or not.
        private(set) var doomed: Set<SessionID> = []
        private(set) var deleted: Set<SessionID> = []

        func add(_ message: Message, in session: Session) {
            messages[session.id, default: []].append(message.id)
            if session.title == HeatLane.doomed { doomed.insert(session.id) }
        }

        func delete(_ id: SessionID) { deleted.insert(id) }
    }

    @Test("killed at any step, while others write, no message is lost and none comes twice")
    func killedAtEachStep() async throws {
        try await withTemporaryFolder { folder in
            let store = try SQLiteStore.open(directory: folder, fsync: false, logger: .test)
            let lane = HeatLane(store, archive: folder + "/archive", stoppingAt: nil)
            let acknowledged = Acknowledged()
            var step = 1
            while true {
                let sessions = try await talk(lane.timeline, acknowledged)
                let isDone = try await round(folder, step, sessions: sessions, lane.timeline, acknowledged)
                try await check(lane, acknowledged)
                if isDone { break }
                step += 1
                try #require(step < 200, "it does not come to an end")
            }
            #expect(step > 10, "few steps were seen")
            try await lane.run()
            try await check(lane, acknowledged)
            let report = try await ArchiveAudit(lane.archiver).run()
            #expect(report.faults.isEmpty)
            // What the killed left behind is found, and nothing else is taken for it.
            let swept = try await lane.archiver.sweep(storedBefore: .distantFuture)
            #expect(swept == report.orphans && swept > 0)
            try await check(lane, acknowledged)
        }
    }

    /// New conversations, one of them to be deleted.
    private func talk(_ timeline: ArchivedTimeline, _ acknowledged: Acknowledged) async throws -> [Session] {
        var sessions: [Session] = []
        for number in 0..<4 {
            let session = Session(id: .next(), projectID: nil, title: number == 3 ? HeatLane.doomed : "kept")
            for _ in 0..<3 { try await say(in: session, timeline, acknowledged) }
            sessions.append(session)
        }
        return sessions
    }

    private func say(in session: Session, _ timeline: ArchivedTimeline, _ acknowledged: Acknowledged) async throws {
        let message = Message(
            id: "m-\(CorrelationID.next())", sessionID: session.id, projectID: nil, role: .user,
            text: "What is said in \(session.title)?", createdAt: Date(), correlationID: .next())
        try await timeline.append([message], to: session)
        await acknowledged.add(message, in: session)
    }

    /// A child works up to the step while this process goes on writing; whether the child came to its end.
    private func round(
        _ folder: String,
        _ step: Int,
        sessions: [Session],
        _ timeline: ArchivedTimeline,
        _ acknowledged: Acknowledged
    ) async throws -> Bool {
        let child = try SQLiteCrasherProcess(folder, fsync: false, heatStep: step)
        async let writing: Void = {
            for number in 0..<30 {
                try await say(in: sessions[number % 3], timeline, acknowledged)
                await Task.yield()
            }
        }()
        let (isDone, lines) = await child.end()
        try await writing
        for line in lines where line.hasPrefix("deleted ") {
            await acknowledged.delete(try #require(SessionID(rawValue: String(line.dropFirst(8)))))
        }
        return isDone
    }

    private func check(_ lane: HeatLane, _ acknowledged: Acknowledged) async throws {
        let (deleted, doomed) = (await acknowledged.deleted, await acknowledged.doomed)
        for (id, expected) in await acknowledged.messages {
            let found = try await lane.timeline.messages(in: id, before: nil, limit: 10_000).map(\.id)
            if deleted.contains(id) {
                #expect(found.isEmpty, "a deleted conversation is back")
            } else if !doomed.contains(id) || !found.isEmpty {
                // One that was to be deleted may be gone though nobody was told, but not in part.
                #expect(Set(found) == Set(expected) && found.count == expected.count)
            }
        }
    }
}
