public import FoundationEssentials
import GRDB
public import Hearth

/// Projects, sessions and messages in SQLite.
public struct SQLiteTimeline: TimelineStorage {
    let store: SQLiteStore
    let codec: HistoryCodec

    /// - Parameter codec: how warm messages are compressed.
    public init(_ store: SQLiteStore, codec: HistoryCodec = .zstd) {
        self.store = store
        self.codec = codec
    }

    public func save(_ project: Project) async throws {
        let body = try TaskCoding.encode(project)
        try await store.write { database in
            try database.execute(
                sql: "INSERT INTO project (id, body) VALUES (?, ?) ON CONFLICT (id) DO UPDATE SET body = excluded.body",
                arguments: [project.id.rawValue, body])
        }
    }

    public func project(_ id: ProjectID) async throws -> Project? {
        try await store.read { database in
            try Data.fetchOne(database, sql: "SELECT body FROM project WHERE id = ?", arguments: [id.rawValue])
                .map { try TaskCoding.decode(Project.self, from: $0) }
        }
    }

    public func projects() async throws -> [Project] {
        try await store.read { database in
            try Data.fetchAll(database, sql: "SELECT body FROM project ORDER BY id")
                .map { try TaskCoding.decode(Project.self, from: $0) }
        }
    }

    public func deleteProject(_ id: ProjectID) async throws {
        let now = store.now()
        try await store.write { database in
            try Self.note(.project(id), at: now, database)
            // The messages go with their sessions (ON DELETE CASCADE).
            try database.execute(
                sql: "INSERT OR REPLACE INTO erasure SELECT 'session ' || id, ? FROM session WHERE project = ?",
                arguments: [now.timeIntervalSince1970, id.rawValue])
            try database.execute(sql: "DELETE FROM session WHERE project = ?", arguments: [id.rawValue])
            try database.execute(sql: "DELETE FROM project WHERE id = ?", arguments: [id.rawValue])
        }
    }

    public func session(_ id: SessionID) async throws -> Session? {
        try await one("SELECT * FROM session WHERE id = ?", [id.rawValue])
    }

    public func session(continuing head: String) async throws -> Session? {
        try await one("SELECT * FROM session WHERE head = ? ORDER BY updatedAt DESC LIMIT 1", [head])
    }

    public func sessions(in project: ProjectID?, before: Date?, limit: Int) async throws -> [Session] {
        let latest = before?.timeIntervalSince1970 ?? .greatestFiniteMagnitude
        return try await store.read { database in
            let place = project == nil ? "" : "project = ? AND "
            var arguments = StatementArguments()
            if let project { arguments += [project.rawValue] }
            return try Row.fetchAll(
                database,
                sql: "SELECT * FROM session WHERE \(place)updatedAt < ? ORDER BY updatedAt DESC, id DESC LIMIT ?",
                arguments: arguments + [latest, limit]
            ).compactMap(Self.session)
        }
    }

    public func deleteSession(_ id: SessionID) async throws {
        let now = store.now()
        try await store.write { database in
            try Self.note(.session(id), at: now, database)
            try database.execute(sql: "DELETE FROM session WHERE id = ?", arguments: [id.rawValue])
        }
    }

    /// Notes that something was erased, and forgets what was long ago.
    private static func note(_ scope: ErasureScope, at date: Date, _ database: Database) throws {
        try database.run(
            "INSERT OR REPLACE INTO erasure (scope, erasedAt) VALUES (?, ?)", [scope.note, date.timeIntervalSince1970])
        try database.run(
            "DELETE FROM erasure WHERE erasedAt < ?", [date.timeIntervalSince1970 - Erasure.lifetime])
    }

    private static func erasure(of session: Session, _ database: Database) throws -> Erasure? {
        let notes = ErasureScope.all(of: session).map(\.note)
        let row = try database.row(
            "SELECT max(erasedAt) AS latest FROM erasure WHERE scope IN (?, ?)", [notes.first, notes.last])
        let latest: Double? = row?["latest"]
        return latest.map { Erasure(date: Date(timeIntervalSince1970: $0)) }
    }

    public func append(_ messages: [Message], to session: Session) async throws {
        let rows = try messages.map { (message: $0, body: try TaskCoding.encode($0)) }
        let latest = max(
            session.updatedAt.timeIntervalSince1970, messages.map(\.createdAt.timeIntervalSince1970).max() ?? 0)
        try await store.write { database in
            var rows = rows
            if let erasure = try Self.erasure(of: session, database) {
                guard let younger = erasure.remains(messages, of: session) else { return }
                rows.removeAll { row in !younger.contains { $0.id == row.message.id } }
            }
            try database.run(
                """
                INSERT INTO session (id, project, title, createdAt, updatedAt, usedAt, head) VALUES (?, ?, ?, ?, ?, ?, ?)
                ON CONFLICT (id) DO UPDATE
                SET updatedAt = max(updatedAt, excluded.updatedAt), usedAt = max(usedAt, excluded.usedAt),
                    head = coalesce(excluded.head, head)
                """,
                [
                    session.id.rawValue, session.projectID?.rawValue, session.title,
                    session.createdAt.timeIntervalSince1970, latest, latest, session.head,
                ])
            try Self.insert(rows, into: session.id, database)
        }
    }

    /// Adds rows that are not there yet and counts them.
    static func insert(_ rows: [(message: Message, body: Data)], into session: SessionID, _ database: Database) throws {
        var added = HeatTally()
        for (message, body) in rows {
            try database.run(
                "INSERT INTO message (id, session, createdAt, body) VALUES (?, ?, ?, ?) ON CONFLICT (id) DO NOTHING",
                [message.id, session.rawValue, message.createdAt.timeIntervalSince1970, body])
            if database.changesCount > 0 { added = added + HeatTally(messages: 1, bytes: body.count) }
        }
        guard added.messages > 0 else { return }
        try database.run(
            """
            UPDATE session SET hotMessages = hotMessages + ?, hotBytes = hotBytes + ?, revision = revision + 1 WHERE id = ?
            """, [added.messages, added.bytes, session.rawValue])
    }

    public func messages(in session: SessionID, before: Date?, limit: Int) async throws -> [Message] {
        try await page(of: session, before: before, limit: limit).messages
    }

    private func one(_ sql: String, _ arguments: StatementArguments) async throws -> Session? {
        try await store.read { database in
            try database.row(sql, arguments).flatMap(Self.session)
        }
    }

    private static func session(_ row: Row) -> Session? {
        guard let id = SessionID(rawValue: row["id"]) else { return nil }
        let project: String? = row["project"]
        return Session(
            id: id, projectID: project.flatMap(ProjectID.init(rawValue:)), title: row["title"],
            createdAt: Date(timeIntervalSince1970: row["createdAt"]),
            updatedAt: Date(timeIntervalSince1970: row["updatedAt"]), head: row["head"])
    }
}
