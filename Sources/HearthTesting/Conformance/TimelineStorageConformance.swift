import FoundationEssentials
public import Hearth
import Logging
import Testing

/// What every ``TimelineStorage`` does. Each of the ``behaviours`` is run against a fresh storage.
public struct TimelineStorageConformance: Sendable {
    private let storage: any TimelineStorage
    private let archive = MemoryArchiveStore()
    private let archiver: Archiver
    private let timeline: ArchivedTimeline
    private let project: ProjectID
    private let epoch = Date(timeIntervalSince1970: 1_700_000_000)

    /// - Parameters:
    ///   - storage: fresh and empty.
    ///   - codec: how objects of the archive are compressed.
    public init(_ storage: any TimelineStorage, codec: HistoryCodec) throws {
        self.storage = storage
        project = try #require(ProjectID(rawValue: ["demo"].joined()))
        archiver = Archiver(storage: storage, archive: archive, codec: codec, logger: Logger(label: "conformance"))
        timeline = ArchivedTimeline(storage, archiver: archiver)
    }

    private func session(_ title: String = "t", project: ProjectID?? = .none) -> Session {
        Session(id: .next(), projectID: project ?? self.project, title: title, createdAt: epoch)
    }

    private func message(_ id: String, _ session: Session, at offset: Double) -> Message {
        Message(
            id: "\(session.id)-\(id)", sessionID: session.id, projectID: session.projectID, role: .user,
            text: "Grüße \(id) 🔥", createdAt: epoch.addingTimeInterval(offset), correlationID: .next())
    }

    private func add(_ count: Int, to session: Session, from first: Int = 0) async throws -> [Message] {
        let messages = (first..<first + count).map { message("m\($0)", session, at: Double($0)) }
        try await storage.append(messages, to: session)
        return messages
    }

    private func heat(_ session: Session) async throws -> SessionHeat {
        let sessions = try await storage.sessions(
            having: Set(Heat.allCases), of: session.projectID, usedBefore: .distantFuture, after: nil, limit: 100)
        return try #require(sessions.first { $0.id == session.id })
    }

    private func all(_ session: Session) async throws -> [Message] {
        try await timeline.messages(in: session.id, before: nil, limit: 1_000)
    }

    private func draft(_ sessions: [HeldSession], key: String = "k", messages: Int? = nil)
        -> (ArchiveObject, [ArchivePart])
    {
        let parts = sessions.map { held in
            ArchivePart(
                session: held.id, object: key, frame: 0..<10,
                tally: HeatTally(messages: held.messages.count, bytes: 5), oldest: epoch, newest: epoch)
        }
        let sum = parts.reduce(0) { $0 + $1.tally.messages }
        return (
            ArchiveObject(
                key: key, projectID: project, sha256: "s", bytes: 10, messages: messages ?? sum, createdAt: epoch),
            parts
        )
    }

    /// What is warm reads as what is hot, by page too, and a message that comes again comes once.
    public func readsWarmAsHot() async throws {
        let one = session()
        var messages = try await add(5, to: one)
        try await storage.cool(one.id)
        messages += try await add(5, to: one, from: 5)
        try await storage.cool(one.id)
        messages += try await add(3, to: one, from: 10)
        // Repeated by a worker that did not know that it was done.
        _ = try await add(2, to: one, from: 1)
        #expect(try await storage.messages(in: one.id, before: nil, limit: 100) == messages)
        #expect(try await storage.messages(in: one.id, before: nil, limit: 4) == Array(messages.suffix(4)))
        #expect(
            try await storage.messages(in: one.id, before: messages[6].createdAt, limit: 3)
                == Array(messages[3..<6]))
        #expect(try await storage.held(one.id)?.messages == messages)
        #expect(try await heat(one).warm.messages == 10)
    }

    /// How much is where is counted along.
    public func countsWhatIsWhere() async throws {
        let (one, two, bare) = (session(), session(), session(project: .some(nil)))
        for session in [one, two, bare] { _ = try await add(4, to: session) }
        try await storage.cool(two.id)
        let usage = try await storage.usage()
        func tally(_ project: ProjectID?, _ heat: Heat) -> HeatUsage? {
            usage.first { $0.projectID == project && $0.heat == heat }
        }
        #expect(usage.count == 3)
        #expect(tally(project, .hot)?.tally.messages == 4 && tally(project, .hot)?.sessions == 1)
        #expect(tally(project, .warm)?.tally.messages == 4 && tally(nil, .hot)?.tally.messages == 4)
        let (hot, warm) = (try await heat(one).hot, try await heat(two).warm)
        #expect(hot.bytes > 400 && warm.bytes > 50 && warm.bytes < hot.bytes)
        #expect(tally(project, .hot)?.tally == hot && tally(project, .warm)?.tally == warm)
        #expect(tally(project, .hot)?.newest.timeIntervalSince1970 == epoch.timeIntervalSince1970 + 3)
    }

    /// Sessions come by tier, project and age, in pages.
    public func findsTheOldest() async throws {
        var sessions: [Session] = []
        for offset in 0..<5 {
            let one = session()
            try await storage.append([message("m", one, at: Double(offset * 100))], to: one)
            sessions.append(one)
        }
        try await storage.cool(sessions[0].id)
        func ids(_ tiers: Set<Heat>, before offset: Double, after: SessionHeat? = nil, limit: Int = 9) async throws
            -> [SessionID]
        {
            try await storage.sessions(
                having: tiers, of: project, usedBefore: epoch.addingTimeInterval(offset), after: after, limit: limit
            ).map(\.id)
        }
        #expect(try await ids([.hot], before: 301) == sessions[1...3].map(\.id))
        #expect(try await ids([.hot], before: 300) == sessions[1...2].map(\.id))
        #expect(try await ids([.warm], before: 1e9) == [sessions[0].id])
        #expect(try await ids([.cold], before: 1e9).isEmpty)
        #expect(try await ids([.hot, .warm], before: 1e9, limit: 2) == sessions[0...1].map(\.id))
        let second = try await heat(sessions[1])
        #expect(try await ids([.hot, .warm], before: 1e9, after: second) == sessions[2...4].map(\.id))
        #expect(
            try await storage.sessions(
                having: [.hot], of: nil, usedBefore: .distantFuture, after: nil, limit: 9
            ).isEmpty)
    }

    /// Archived sessions leave the storage, are read through the archive, and come back when they are thawed.
    public func archivesAndThaws() async throws {
        let (one, two) = (session(), session())
        var messages = try await add(6, to: one)
        let others = try await add(4, to: two)
        try await storage.cool(one.id)
        messages += try await add(2, to: one, from: 6)
        #expect(try await archiver.archive([one.id, two.id], of: project) == 12)
        #expect(try await storage.messages(in: one.id, before: nil, limit: 100).isEmpty)
        #expect(try await all(one) == messages)
        #expect(try await all(two) == others)
        var found = try await heat(one)
        #expect(found.hot.messages == 0 && found.warm == HeatTally() && found.cold.messages == 8)
        #expect(found.cold.bytes > 0)

        // Late ones are hot beside what is cold, and become an object of their own.
        messages += try await add(2, to: one, from: 8)
        #expect(try await all(one) == messages)
        #expect(
            try await timeline.messages(in: one.id, before: messages[9].createdAt, limit: 3) == Array(messages[6..<9]))
        #expect(try await archiver.archive([one.id], of: project) == 2)
        #expect(try await all(one) == messages)
        #expect(await archive.keys.count == 2)

        #expect(try await archiver.thaw(one.id) == 10)
        found = try await heat(one)
        #expect(found.hot.messages == 10 && found.cold == HeatTally())
        #expect(found.usedAt.timeIntervalSince(epoch) > 3_600, "thawing is a use")
        #expect(try await storage.messages(in: one.id, before: nil, limit: 100) == messages)
        #expect(try await all(two) == others)
        #expect(try await archiver.thaw(one.id) == 0)
        // The object of both was written anew for the one that stayed, the other one removed.
        #expect(await archive.keys.count == 1)
        #expect(try await storage.objectsWithHoles(limit: 9).isEmpty)
        #expect(try await ArchiveAudit(archiver).run().faults.isEmpty)
        // The same content again is an object again.
        #expect(try await archiver.archive([one.id], of: project) == 10)
        #expect(try await all(one) == messages)
    }

    /// What changed after it was read is not taken out.
    public func archivesOnlyWhatWasRead() async throws {
        let one = session()
        let messages = try await add(3, to: one)
        let held = try #require(try await storage.held(one.id))
        let (object, parts) = draft([held])
        let late = try await add(1, to: one, from: 3)
        #expect(try await !storage.archive([held], in: object, parts: parts))
        #expect(try await storage.messages(in: one.id, before: nil, limit: 9) == messages + late)
        #expect(try await storage.archiveObjects(after: nil, limit: 9).isEmpty)
        let again = try #require(try await storage.held(one.id))
        try await storage.cool(one.id)
        #expect(try await !storage.archive([again], in: object, parts: parts))
        try await storage.deleteSession(one.id)
        #expect(try await !storage.archive([again], in: object, parts: parts))
        #expect(try await storage.held(one.id) == nil)
    }

    /// An object that is being deleted, or was, never comes into the manifest.
    public func doesNotTrustDeletedObjects() async throws {
        let one = session()
        _ = try await add(3, to: one)
        let held = try #require(try await storage.held(one.id))
        let (object, parts) = draft([held])
        #expect(try await storage.beginDeleting(object.key))
        #expect(try await storage.objectsBeingDeleted(limit: 9) == [object.key])
        #expect(try await !storage.archive([held], in: object, parts: parts))
        try await storage.endDeleting(object.key)
        #expect(try await storage.objectsBeingDeleted(limit: 9).isEmpty)
        #expect(try await !storage.archive([held], in: object, parts: parts))
        let (other, otherParts) = draft([held], key: "other")
        #expect(try await storage.archive([held], in: other, parts: otherParts))
        #expect(try await !storage.beginDeleting(other.key), "it has parts")
        #expect(try await storage.parts(of: other.key) == otherParts)
    }

    /// Another object takes the place of one with holes only if it holds what is left of it.
    public func replacesObjects() async throws {
        let (one, two) = (session(), session())
        var held: [HeldSession] = []
        for session in [one, two] {
            _ = try await add(2, to: session)
            held.append(try #require(try await storage.held(session.id)))
        }
        let (object, parts) = draft(held, key: "old")
        #expect(try await storage.archive(held, in: object, parts: parts))
        #expect(try await storage.objectsWithHoles(limit: 9).isEmpty)
        try await storage.deleteSession(one.id)
        #expect(try await storage.objectsWithHoles(limit: 9) == [object])
        let (wrong, wrongParts) = draft(held, key: "wrong")
        #expect(try await !storage.replace(object, with: wrong, parts: wrongParts))
        let (new, newParts) = draft([held[1]], key: "new")
        #expect(try await storage.replace(object, with: new, parts: newParts))
        #expect(try await storage.archiveObjects(after: nil, limit: 9) == [new])
        #expect(try await storage.archiveObjects(after: "new", limit: 9).isEmpty)
        #expect(try await storage.objectsBeingDeleted(limit: 9) == ["old"])
        #expect(try await storage.page(of: two.id, before: nil, limit: 9).parts == newParts)
        #expect(try await heat(two).cold.messages == 2)
    }

    /// Deleting a session or a project leaves nothing of it in any tier.
    public func deletesInAllTiers() async throws {
        let (one, two, three) = (session(), session(), session())
        for session in [one, two, three] { _ = try await add(3, to: session) }
        try await storage.save(Project(id: project, source: "/demo"))
        #expect(try await archiver.archive([one.id, two.id], of: project) == 6)
        try await storage.cool(three.id)
        try await timeline.deleteSession(one.id)
        #expect(try await all(one).isEmpty)
        #expect(try await all(two).count == 3)
        for key in await archive.keys {
            let listing = try #require(try await archive.listing(key))
            let bytes = try await archive.read(key, bytes: 0..<listing.bytes)
            #expect(try await storage.parts(of: key).map(\.session) == [two.id], "\(bytes.count)")
        }
        #expect(await archive.keys.count == 1)
        try await timeline.deleteProject(project)
        #expect(await archive.keys.isEmpty)
        for session in [one, two, three] {
            #expect(try await all(session).isEmpty)
            #expect(try await storage.session(session.id) == nil)
        }
        #expect(try await storage.usage().isEmpty)
    }

    /// An archive that is away delays, and loses nothing.
    public func survivesAnArchiveThatIsAway() async throws {
        let (one, two) = (session(), session())
        let messages = try await add(3, to: one)
        let others = try await add(3, to: two)
        await archive.fail(with: StoreError(.unreachable, "away"))
        await #expect(throws: StoreError.self) { try await archiver.archive([one.id], of: project) }
        #expect(try await all(one) == messages)
        await archive.fail(with: nil)
        #expect(try await archiver.archive([one.id, two.id], of: project) == 6)
        await archive.fail(with: StoreError(.unreachable, "away"))
        let error = await #expect(throws: StoreError.self) { try await all(one) }
        #expect(error?.code == .unreachable)
        try await timeline.deleteSession(two.id)
        await archive.fail(with: nil)
        #expect(try await archiver.mend() == 1)
        #expect(try await all(one) == messages)
        #expect(await archive.keys.count == 1)
        #expect(others.count == 3)
    }
}

extension TimelineStorageConformance {
    public static let behaviours: [Behaviour<TimelineStorageConformance>] = [
        Behaviour("readsWarmAsHot") { try await $0.readsWarmAsHot() },
        Behaviour("countsWhatIsWhere") { try await $0.countsWhatIsWhere() },
        Behaviour("findsTheOldest") { try await $0.findsTheOldest() },
        Behaviour("archivesAndThaws") { try await $0.archivesAndThaws() },
        Behaviour("archivesOnlyWhatWasRead") { try await $0.archivesOnlyWhatWasRead() },
        Behaviour("doesNotTrustDeletedObjects") { try await $0.doesNotTrustDeletedObjects() },
        Behaviour("replacesObjects") { try await $0.replacesObjects() },
        Behaviour("deletesInAllTiers") { try await $0.deletesInAllTiers() },
        Behaviour("survivesAnArchiveThatIsAway") { try await $0.survivesAnArchiveThatIsAway() },
    ]
}
