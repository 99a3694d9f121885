import Backends
import FoundationEssentials
import Hearth
import HearthTesting
import Logging
import Testing

@Suite("A heat run", .timeLimit(.minutes(2)))
struct HeatRunTests {
    private struct Ground: Sendable {
        let clock = ManualClock()
        let storage: SQLiteTimeline
        let ledger: SQLiteTaskLedger
        let archive: MemoryArchiveStore
        let archiver: Archiver
        let timeline: ArchivedTimeline
        let demo: ProjectID

        init(_ folder: String) throws {
            let clock = clock
            let store = try SQLiteStore.open(directory: folder, fsync: false, logger: .test, now: { clock.now })
            storage = SQLiteTimeline(store)
            ledger = SQLiteTaskLedger(store)
            archive = MemoryArchiveStore(clock: { clock.now })
            archiver = Archiver(
                storage: storage, archive: archive, codec: .zstd, logger: .test, now: { clock.now })
            timeline = ArchivedTimeline(storage, archiver: archiver)
            demo = try #require(ProjectID(rawValue: ["demo"].joined()))
        }

        func run(_ policy: HeatPolicy = HeatPolicy()) async throws -> HeatRun.Report {
            try await HeatRun(storage: storage, ledger: ledger, archiver: archiver, policy: policy, logger: .test).run()
        }

        /// A conversation whose last message is so many days old.
        func talk(daysAgo: Double, project: ProjectID?, messages: Int = 4) async throws -> SessionID {
            let last = clock.now.addingTimeInterval(-daysAgo * 86_400)
            let session = Session(id: .next(), projectID: project, title: "t", createdAt: last)
            let said = (0..<messages).map { number in
                Message(
                    id: "\(session.id)-\(number)", sessionID: session.id, projectID: project, role: .user,
                    text: String(repeating: "What does line \(number) do? ", count: 20),
                    createdAt: last.addingTimeInterval(Double(number - messages + 1)), correlationID: .next())
            }
            try await timeline.append(said, to: session)
            return session.id
        }

        func tier(_ id: SessionID, project: ProjectID?) async throws -> Heat? {
            let all = try await storage.sessions(
                having: Set(Heat.allCases), of: project, usedBefore: .distantFuture, after: nil, limit: 1_000)
            guard let heat = all.first(where: { $0.id == id }) else { return nil }
            return Heat.allCases.first { heat[$0].messages > 0 }
        }
    }

    private func withGround(_ body: (Ground) async throws -> Void) async throws {
        try await withTemporaryFolder { folder in try await body(try Ground(folder)) }
    }

    @Test("who reads or deletes a cold conversation is not kept waiting by an archive that hangs")
    func hanging() async throws {
        try await withGround { ground in
            let read = try await ground.talk(daysAgo: 31, project: ground.demo)
            let deleted = try await ground.talk(daysAgo: 32, project: nil)
            _ = try await ground.run()
            let timeline = ArchivedTimeline(ground.storage, archiver: ground.archiver, patience: .milliseconds(20))
            await ground.archive.hang(true)
            let error = await #expect(throws: StoreError.self) {
                try await timeline.messages(in: read, before: nil, limit: 9)
            }
            #expect(error?.code == .unreachable && error?.isRetriable == true)
            try await timeline.deleteSession(deleted)
            await ground.archive.hang(false)
            #expect(try await timeline.messages(in: read, before: nil, limit: 9).count == 4)
            #expect(try await ground.run().mendedObjects == 1)
            #expect(await ground.archive.keys.count == 1)
        }
    }

    @Test("sessions cool down by their age, and all of them can still be read")
    func byAge() async throws {
        try await withGround { ground in
            var sessions: [(id: SessionID, days: Double)] = []
            for days in [1.0, 6.9, 7.1, 29, 31, 400] {
                sessions.append((try await ground.talk(daysAgo: days, project: ground.demo), days))
            }
            let bare = try await ground.talk(daysAgo: 31, project: nil)
            let report = try await ground.run()
            #expect(report.cooledSessions == 2 && report.archivedSessions == 3 && report.archivedMessages == 12)
            for (id, days) in sessions {
                let expected: Heat = days < 7 ? .hot : days < 30 ? .warm : .cold
                #expect(try await ground.tier(id, project: ground.demo) == expected)
                #expect(try await ground.timeline.messages(in: id, before: nil, limit: 9).count == 4)
            }
            #expect(try await ground.tier(bare, project: nil) == .cold)
            #expect(try await ground.run() == HeatRun.Report())
            #expect(try await ArchiveAudit(ground.archiver).run().faults.isEmpty)
        }
    }

    @Test("what is too old is deleted wherever it is, with what the archive has of it")
    func retention() async throws {
        try await withGround { ground in
            let old = try await ground.talk(daysAgo: 50, project: ground.demo)
            let young = try await ground.talk(daysAgo: 40, project: ground.demo)
            _ = try await ground.run()
            ground.clock.advance(.seconds(15 * 86_400))
            let never = try await ground.talk(daysAgo: 61, project: ground.demo)
            let report = try await ground.run(HeatPolicy(retentionDays: 60))
            #expect(report.deletedSessions == 2)
            for id in [old, never] { #expect(try await ground.timeline.session(id) == nil) }
            #expect(try await ground.timeline.messages(in: young, before: nil, limit: 9).count == 4)
            #expect(await ground.archive.keys.count == 1)
            #expect(try await ArchiveAudit(ground.archiver).run().messages == 4)
        }
    }

    @Test("a limit in bytes moves the oldest, and as many as are needed")
    func byBytes() async throws {
        try await withGround { ground in
            var sessions: [SessionID] = []
            for days in [5.0, 4, 3, 2, 1] {
                sessions.append(try await ground.talk(daysAgo: days, project: ground.demo))
            }
            let usage = try #require(try await ground.storage.usage().first)
            let each = usage.tally.bytes / 5
            _ = try await ground.run(HeatPolicy(hotBytes: each * 3))
            var tiers: [Heat?] = []
            for id in sessions { tiers.append(try await ground.tier(id, project: ground.demo)) }
            #expect(tiers == [.warm, .warm, .hot, .hot, .hot])
            _ = try await ground.run(HeatPolicy(warmBytes: 1))
            tiers = []
            for id in sessions { tiers.append(try await ground.tier(id, project: ground.demo)) }
            #expect(tiers == [.cold, .cold, .hot, .hot, .hot])
            _ = try await ground.run(HeatPolicy(coldBytes: 1))
            #expect(try await ground.timeline.session(sessions[0]) == nil)
            #expect(try await ground.timeline.session(sessions[2]) != nil)
        }
    }

    @Test("a project's own policy holds for it alone")
    func ownPolicy() async throws {
        try await withGround { ground in
            var settings = ProjectSettings()
            settings.heat = HeatPolicy(hotDays: 1, warmDays: 2)
            try await ground.timeline.save(Project(id: ground.demo, source: "/demo", settings: settings))
            let own = try await ground.talk(daysAgo: 3, project: ground.demo)
            let other = try await ground.talk(daysAgo: 3, project: nil)
            _ = try await ground.run()
            #expect(try await ground.tier(own, project: ground.demo) == .cold)
            #expect(try await ground.tier(other, project: nil) == .hot)
        }
    }

    @Test("an object that a process left which ended is removed, once it is old enough")
    func orphans() async throws {
        try await withGround { ground in
            try await ground.archive.put([1, 2, 3], at: ArchiveObject.prefix + "demo/orphan.jsonl.zst")
            #expect(try await ground.run().sweptObjects == 0)
            ground.clock.advance(.seconds(HeatRun.orphanAge + 1))
            #expect(try await ground.run().sweptObjects == 1)
            #expect(await ground.archive.keys.isEmpty)
        }
    }

    @Test("many sessions become few objects, and each is read by itself")
    func manySessions() async throws {
        try await withGround { ground in
            var sessions: [SessionID] = []
            for number in 0..<700 {
                sessions.append(
                    try await ground.talk(daysAgo: 40 + Double(number) / 100, project: ground.demo, messages: 2))
            }
            let report = try await ground.run()
            #expect(report.archivedSessions == 700)
            #expect(await ground.archive.keys.count == 2)
            for id in [sessions[0], sessions[350], sessions[699]] {
                #expect(try await ground.timeline.messages(in: id, before: nil, limit: 9).map(\.sessionID) == [id, id])
            }
            #expect(try await ArchiveAudit(ground.archiver).run().messages == 1_400)
        }
    }

    @Test("an audit finds what was damaged, and names it")
    func audit() async throws {
        try await withGround { ground in
            _ = try await ground.talk(daysAgo: 40, project: ground.demo)
            _ = try await ground.run()
            let key = try #require(await ground.archive.keys.first)
            await ground.archive.damage(key)
            #expect(try await ArchiveAudit(ground.archiver).run().faults.map(\.object) == [key])
            try await ground.archive.delete(key)
            #expect(try await ArchiveAudit(ground.archiver).run().faults.count == 1)
        }
    }

    @Test("a policy that contradicts itself moves nothing")
    func impossiblePolicy() async throws {
        try await withGround { ground in
            let id = try await ground.talk(daysAgo: 400, project: ground.demo)
            #expect(HeatPolicy(hotDays: 30, warmDays: 7).fault != nil)
            _ = try await ground.run(HeatPolicy(hotDays: 30, warmDays: 7, retentionDays: 1))
            #expect(try await ground.tier(id, project: ground.demo) == .hot)
        }
    }
}
