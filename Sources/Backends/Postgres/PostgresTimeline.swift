public import FoundationEssentials
public import Hearth
import Postgres

/// Projects, sessions and messages in PostgreSQL. Messages are divided by time where TimescaleDB is.
///
/// Times of sessions are kept to the microsecond; messages are kept as they are.
public struct PostgresTimeline: Timeline {
    let store: PostgresStore

    public init(_ store: PostgresStore) { self.store = store }

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
            try await store.pool.withTransaction { try await delete("id = $1", id.rawValue, $0) }
        }
    }

    public func append(_ messages: [Message], to session: Session) async throws {
        try await PostgresFailure.translating {
            try await store.messages.write(TimelineAppend(messages: messages, session: session))
        }
    }

    public func messages(in session: SessionID, before: Date?, limit: Int) async throws -> [Message] {
        try await PostgresFailure.translating {
            try await store.pool.query(Self.page, [session.rawValue, before ?? Self.never, limit])
                .reversed().map { try TaskCoding.decode(Message.self, from: try $0["body"]) }
        }
    }

    /// After all that is.
    private static let never = Date(timeIntervalSince1970: .greatestFiniteMagnitude)

    /// The last messages of a session before a moment. The session knows between which times they are, so that only the
    /// chunks of these times are touched.
    package static let page = """
        SELECT body FROM message WHERE session = $1 AND created_at < $2
            AND created_at >= (SELECT first_message_at FROM session WHERE id = $1)
            AND created_at <= (SELECT last_message_at FROM session WHERE id = $1)
        ORDER BY created_at DESC, id DESC LIMIT $3
        """

    /// Deletes sessions, and their messages in the chunks where these are.
    private func delete(_ condition: String, _ argument: String, _ connection: PostgresConnection) async throws {
        let gone = try await connection.query(
            "DELETE FROM session WHERE \(condition) RETURNING id, first_message_at, last_message_at", [argument])
        let ids: [String] = try gone.map { try $0["id"] }
        let first: [Date] = try gone.compactMap { try $0["first_message_at"] }
        let last: [Date] = try gone.compactMap { try $0["last_message_at"] }
        guard let first = first.min(), let last = last.max() else { return }
        try await connection.execute(
            "DELETE FROM message WHERE session = ANY ($1) AND created_at >= $2 AND created_at <= $3",
            [ids, first, last])
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
