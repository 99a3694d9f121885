public import FoundationEssentials
public import Hearth
import Postgres

/// Projects, sessions and messages in PostgreSQL. Messages are divided by time where TimescaleDB is.
///
/// Times of sessions are kept to the microsecond; messages are kept as they are. Whoever changes messages holds the rows of
/// their sessions, taken in the order of their ids.
public struct PostgresTimeline: TimelineStorage {
    let store: PostgresStore
    let codec: HistoryCodec

    /// - Parameter codec: how warm messages are compressed.
    public init(_ store: PostgresStore, codec: HistoryCodec = .zstd) {
        self.store = store
        self.codec = codec
    }

    public func save(_ project: Project) async throws {
        try await PostgresFailure.translating {
            try await store.pool.execute(
                "INSERT INTO project (id, body) VALUES ($1, $2) ON CONFLICT (id) DO UPDATE SET body = excluded.body",
                [project.id.rawValue, try TaskCoding.encode(project)])
        }
    }

    public func project(_ id: ProjectID) async throws -> Project? {
        try await projects("SELECT body FROM project WHERE id = $1", [id.rawValue]).first
    }

    public func projects() async throws -> [Project] {
        // By bytes, as everywhere else, whatever language the database speaks.
        try await projects("SELECT body FROM project ORDER BY id COLLATE \"C\"", [])
    }

    public func deleteProject(_ id: ProjectID) async throws {
        try await PostgresFailure.translating {
            try await store.pool.withTransaction { connection in
                try await note(.project(id), connection)
                try await delete("project = $1", id.rawValue, connection)
                try await connection.execute("DELETE FROM project WHERE id = $1", [id.rawValue])
            }
        }
    }

    public func session(_ id: SessionID) async throws -> Session? {
        try await sessions("WHERE id = $1", [id.rawValue]).first
    }

    public func session(continuing head: String) async throws -> Session? {
        guard !head.utf8.contains(0) else { return nil }
        return try await sessions("WHERE head = $1 ORDER BY updated_at DESC LIMIT 1", [head]).first
    }

    public func sessions(in project: ProjectID?, before: Date?, limit: Int) async throws -> [Session] {
        let order = "updated_at < $1 ORDER BY updated_at DESC, id DESC LIMIT $2"
        let latest = before ?? PostgresTimeline.never
        guard let project else { return try await sessions("WHERE \(order)", [latest, limit]) }
        return try await sessions("WHERE project = $3 AND \(order)", [latest, limit, project.rawValue])
    }

    public func deleteSession(_ id: SessionID) async throws {
        try await PostgresFailure.translating {
            try await store.pool.withTransaction { connection in
                try await note(.session(id), connection)
                try await delete("id = $1", id.rawValue, connection)
            }
        }
    }

    public func append(_ messages: [Message], to session: Session) async throws {
        try await PostgresFailure.translating {
            try await store.messages.write(TimelineAppend(messages: messages, session: session))
        }
    }

    public func messages(in session: SessionID, before: Date?, limit: Int) async throws -> [Message] {
        try await page(of: session, before: before, limit: limit).messages
    }

    /// After all that is, and before.
    static let never = Date(timeIntervalSince1970: .greatestFiniteMagnitude)
    static let always = Date(timeIntervalSince1970: -.greatestFiniteMagnitude)

    /// Deletes sessions, and their messages in the chunks where these are; blocks and parts go with their session.
    /// Notes that something is erased, and forgets what was long ago.
    ///
    /// First, it waits for all who write sessions and keeps others from it: whoever writes afterwards sees the note.
    private func note(_ scope: ErasureScope, _ connection: PostgresConnection) async throws {
        try await connection.execute("LOCK TABLE session IN EXCLUSIVE MODE")
        try await note([scope.note], connection)
        try await connection.execute(
            "DELETE FROM erasure WHERE erased_at < $1", [store.now().addingTimeInterval(-Erasure.lifetime)])
    }

    private func note(_ scopes: [String], _ connection: PostgresConnection) async throws {
        try await connection.execute(
            """
            INSERT INTO erasure (scope, erased_at) SELECT unnest($1::text[]), $2
            ON CONFLICT (scope) DO UPDATE SET erased_at = greatest(erasure.erased_at, excluded.erased_at)
            """, [scopes, store.now()])
    }

    private func delete(_ condition: String, _ argument: String, _ connection: PostgresConnection) async throws {
        let sessions = try await LockedSession.take("\(condition)", argument, connection)
        try await note(sessions.map { "session \($0.id)" }, connection)
        try await connection.execute("DELETE FROM session WHERE id = ANY ($1)", [sessions.map(\.id)])
        try await sessions.deleteMessages(connection)
    }

    private func projects(_ sql: String, _ parameters: [any PostgresValue]) async throws -> [Project] {
        try await PostgresFailure.translating {
            try await store.pool.query(sql, parameters).map { try TaskCoding.decode(Project.self, from: try $0[0]) }
        }
    }

    private func sessions(_ place: String, _ parameters: [any PostgresValue]) async throws -> [Session] {
        try await PostgresFailure.translating {
            try await store.pool.query("SELECT * FROM session \(place)", parameters).compactMap(Self.session)
        }
    }

    private static func session(_ row: PostgresRow) throws -> Session? {
        guard let id = SessionID(rawValue: try row["id"]) else { return nil }
        let project: String? = try row["project"]
        return Session(
            id: id, projectID: project.flatMap(ProjectID.init(rawValue:)), title: try row["title"],
            createdAt: try row["created_at"], updatedAt: try row["updated_at"], head: try row["head"])
    }
}
