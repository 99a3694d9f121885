import FoundationEssentials
public import Hearth
import Testing

/// What every ``Timeline`` does. Each of the ``behaviours`` is run against a fresh timeline.
public struct TimelineConformance: Sendable {
    private let timeline: any Timeline
    private let epoch = Date(timeIntervalSince1970: 1_700_000_000)

    /// - Parameter timeline: fresh and empty.
    public init(_ timeline: any Timeline) { self.timeline = timeline }

    private func project(_ name: String) throws -> ProjectID { try #require(ProjectID(rawValue: name)) }

    private func message(_ id: String, _ session: Session, at offset: Double, text: String = "text") -> Message {
        Message(
            id: id, sessionID: session.id, projectID: session.projectID, role: .user, text: text,
            createdAt: epoch.addingTimeInterval(offset), correlationID: .next())
    }

    /// Projects are kept by name, and replaced as a whole.
    public func keepsProjects() async throws {
        var demo = Project(id: try project("demo"), source: "/code", createdAt: epoch)
        try await timeline.save(demo)
        try await timeline.save(Project(id: try project("alpha"), source: "/alpha", createdAt: epoch))
        demo.settings.ignore = ["*.md"]
        demo.reconciledAt = epoch
        try await timeline.save(demo)
        #expect(try await timeline.project(demo.id) == demo)
        #expect(try await timeline.projects().map(\.id.rawValue) == ["alpha", "demo"])
        #expect(try await timeline.project(try project("none")) == nil)
    }

    /// Messages come in their order, by page, and writing one twice writes it once.
    public func keepsMessagesInOrder() async throws {
        var session = Session(id: .next(), projectID: try project("demo"), title: "t", createdAt: epoch, head: "h1")
        let messages = (0..<5).map { message("m\($0)", session, at: Double($0), text: "Grüße \($0) 🔥") }
        try await timeline.append(Array(messages.prefix(3)), to: session)
        (session.title, session.head) = ("other", nil)
        try await timeline.append(Array(messages.suffix(3)), to: session)
        #expect(try await timeline.messages(in: session.id, before: nil, limit: 10) == messages)
        #expect(try await timeline.messages(in: session.id, before: nil, limit: 2) == Array(messages.suffix(2)))
        #expect(
            try await timeline.messages(in: session.id, before: messages[2].createdAt, limit: 10)
                == Array(messages.prefix(2)))
        let kept = try #require(try await timeline.session(session.id))
        #expect(kept.title == "t" && kept.updatedAt == messages[4].createdAt && kept.head == "h1")
    }

    /// A conversation is found by its end.
    public func findsByHead() async throws {
        var session = Session(id: .next(), projectID: nil, title: "t", createdAt: epoch, head: "head-1")
        try await timeline.append([message("m", session, at: 1)], to: session)
        #expect(try await timeline.session(continuing: "head-1")?.id == session.id)
        session.head = "head-2"
        try await timeline.append([message("n", session, at: 2)], to: session)
        #expect(try await timeline.session(continuing: "head-1") == nil)
        #expect(try await timeline.session(continuing: "head-2")?.id == session.id)
    }

    /// Sessions are listed the latest first, by page and by project.
    public func listsSessions() async throws {
        let (one, two) = (try project("one"), try project("two"))
        let sessions = (0..<4).map { offset in
            Session(
                id: .next(), projectID: offset == 3 ? two : one, title: "\(offset)",
                createdAt: epoch.addingTimeInterval(Double(offset)))
        }
        for session in sessions { try await timeline.append([], to: session) }
        #expect(try await timeline.sessions(in: nil, before: nil, limit: 9).map(\.title) == ["3", "2", "1", "0"])
        #expect(try await timeline.sessions(in: one, before: sessions[2].updatedAt, limit: 1).map(\.title) == ["1"])
    }

    /// Deleting takes everything below with it and nothing beside.
    public func deletes() async throws {
        let (one, two) = (try project("one"), try project("two"))
        try await timeline.save(Project(id: one, source: "/1"))
        try await timeline.save(Project(id: two, source: "/2"))
        let (mine, other) = (
            Session(id: .next(), projectID: one, title: "m"), Session(id: .next(), projectID: two, title: "o")
        )
        for session in [mine, other] {
            try await timeline.append([message("\(session.id)", session, at: 1)], to: session)
        }
        try await timeline.deleteProject(one)
        #expect(try await timeline.project(one) == nil)
        #expect(try await timeline.session(mine.id) == nil)
        #expect(try await timeline.messages(in: mine.id, before: nil, limit: 9).isEmpty)
        #expect(try await timeline.messages(in: other.id, before: nil, limit: 9).count == 1)
        try await timeline.deleteSession(other.id)
        #expect(try await timeline.session(other.id) == nil)
        #expect(try await timeline.messages(in: other.id, before: nil, limit: 9).isEmpty)
        #expect(try await timeline.project(two) != nil)
    }

    /// What was said before a session or its project was deleted does not come back; what is said afterwards is kept.
    public func forgetsForGood() async throws {
        let name = try project("one")
        @Sendable func said(_ id: String, in session: Session, at date: Date) -> Message {
            Message(
                id: id, sessionID: session.id, projectID: session.projectID, role: .user, text: id, createdAt: date,
                correlationID: .next())
        }
        let (before, after) = (Date(timeIntervalSinceNow: -60), Date(timeIntervalSinceNow: 86_400))
        let deleted = Session(id: .next(), projectID: nil, title: "d", createdAt: before)
        let inProject = Session(id: .next(), projectID: name, title: "p", createdAt: before)
        let neverThere = Session(id: .next(), projectID: name, title: "n", createdAt: before)
        for session in [deleted, inProject] {
            try await timeline.append([said("\(session.id)-1", in: session, at: before)], to: session)
        }
        try await timeline.deleteSession(deleted.id)
        try await timeline.deleteProject(name)
        for session in [deleted, inProject, neverThere] {
            try await timeline.append([said("\(session.id)-2", in: session, at: before)], to: session)
            try await timeline.append([], to: session)
            #expect(try await timeline.session(session.id) == nil)
            let both = [
                said("\(session.id)-3", in: session, at: before), said("\(session.id)-4", in: session, at: after),
            ]
            try await timeline.append(both, to: session)
            #expect(
                try await timeline.messages(in: session.id, before: nil, limit: 9).map(\.id) == ["\(session.id)-4"])
        }
        // Whichever comes first.
        let timeline = timeline
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<50 {
                group.addTask {
                    let session = Session(id: .next(), projectID: nil, title: "r", createdAt: before)
                    async let appended: Void = timeline.append(
                        [said("\(session.id)-1", in: session, at: before)], to: session)
                    async let deleted: Void = timeline.deleteSession(session.id)
                    _ = try await (appended, deleted)
                    #expect(try await timeline.session(session.id) == nil)
                }
            }
            try await group.waitForAll()
        }
        let other = Session(id: .next(), projectID: try project("two"), title: "o", createdAt: before)
        try await timeline.append([said("\(other.id)-1", in: other, at: before)], to: other)
        #expect(try await timeline.messages(in: other.id, before: nil, limit: 9).count == 1)
    }
}

extension TimelineConformance {
    public static let behaviours: [Behaviour<TimelineConformance>] = [
        Behaviour("keepsProjects") { try await $0.keepsProjects() },
        Behaviour("keepsMessagesInOrder") { try await $0.keepsMessagesInOrder() },
        Behaviour("findsByHead") { try await $0.findsByHead() },
        Behaviour("listsSessions") { try await $0.listsSessions() },
        Behaviour("deletes") { try await $0.deletes() },
        Behaviour("forgetsForGood") { try await $0.forgetsForGood() },
    ]
}
