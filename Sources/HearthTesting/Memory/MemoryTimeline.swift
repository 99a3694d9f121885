public import FoundationEssentials
public import Hearth

/// Projects, sessions and messages in memory.
public actor MemoryTimeline: Timeline {
    private var saved: [ProjectID: Project] = [:]
    private var opened: [SessionID: Session] = [:]
    private var said: [SessionID: [Message]] = [:]
    private var erased: [ErasureScope: Date] = [:]

    public init() {}

    public func save(_ project: Project) async throws { saved[project.id] = project }
    public func project(_ id: ProjectID) async throws -> Project? { saved[id] }
    public func projects() async throws -> [Project] { saved.values.sorted { $0.id < $1.id } }

    public func deleteProject(_ id: ProjectID) async throws {
        saved[id] = nil
        erased[.project(id)] = Date()
        for session in opened.values where session.projectID == id { delete(session.id) }
    }

    public func session(_ id: SessionID) async throws -> Session? { opened[id] }

    public func session(continuing head: String) async throws -> Session? {
        opened.values.filter { $0.head == head }.max { $0.updatedAt < $1.updatedAt }
    }

    public func sessions(in project: ProjectID?, before: Date?, limit: Int) async throws -> [Session] {
        let matching = opened.values.filter { session in
            (project == nil || session.projectID == project)
                && (before.map { session.updatedAt.timeIntervalSince1970 < $0.timeIntervalSince1970 } ?? true)
        }
        let ordered = matching.sorted { left, right in
            left.updatedAt != right.updatedAt ? left.updatedAt > right.updatedAt : left.id.rawValue > right.id.rawValue
        }
        return Array(ordered.prefix(limit))
    }

    public func deleteSession(_ id: SessionID) async throws { delete(id) }

    public func append(_ messages: [Message], to given: Session) async throws {
        let erasures = [erased[.session(given.id)], given.projectID.flatMap { erased[.project($0)] }]
        let latest = erasures.compactMap(\.self).max() ?? .distantPast
        let hadAny = !messages.isEmpty
        let messages = messages.filter { $0.createdAt > latest }
        guard hadAny ? !messages.isEmpty : given.createdAt > latest else { return }
        var session = opened[given.id] ?? given
        for message in messages where !(said[given.id] ?? []).contains(where: { $0.id == message.id }) {
            said[given.id, default: []].append(message)
            session.updatedAt = max(session.updatedAt, message.createdAt)
        }
        session.head = given.head ?? session.head
        opened[given.id] = session
    }

    public func messages(in id: SessionID, before: Date?, limit: Int) async throws -> [Message] {
        let matching = (said[id] ?? []).filter { message in
            before.map { message.createdAt.timeIntervalSince1970 < $0.timeIntervalSince1970 } ?? true
        }
        let ordered = matching.sorted { left, right in
            left.createdAt != right.createdAt ? left.createdAt < right.createdAt : left.id < right.id
        }
        return Array(ordered.suffix(limit))
    }

    private func delete(_ id: SessionID) {
        opened[id] = nil
        said[id] = nil
        erased[.session(id)] = Date()
    }
}
