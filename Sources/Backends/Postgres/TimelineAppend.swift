import FoundationEssentials
import Hearth
import Postgres

/// Messages on their way into a session.
struct TimelineAppend: Sendable {
    let messages: [Message]
    let session: Session

    /// Writes all appends in one transaction.
    static func commit(_ appends: [TimelineAppend], _ pool: PostgresPool) async throws {
        try await pool.withTransaction { connection in
            // A lock that all have at once, but for who erases: what is not noted yet is not erased before this ends.
            try await connection.execute("LOCK TABLE session IN ROW EXCLUSIVE MODE")
            let appends = try await notErased(appends, connection)
            guard !appends.isEmpty else { return }
            let sessions = merging(appends)
            let rows = try appends.flatMap { append in
                try append.messages.map { try MessageRow($0, in: append.session.id) }
            }
            // First the sessions, in one order for all, so that two batches never wait for each other.
            try await connection.execute(
                """
                INSERT INTO session AS old (id, project, title, created_at, updated_at, used_at, head)
                SELECT id, project, title, created_at, updated_at, updated_at, head
                FROM unnest($1::text[], $2::text[], $3::text[], $4::timestamptz[], $5::timestamptz[], $6::text[])
                    AS given (id, project, title, created_at, updated_at, head) ORDER BY id
                ON CONFLICT (id) DO UPDATE SET updated_at = greatest(old.updated_at, excluded.updated_at),
                    used_at = greatest(old.used_at, excluded.used_at), head = coalesce(excluded.head, old.head)
                """,
                [
                    sessions.map(\.id.rawValue), sessions.map(\.projectID?.rawValue),
                    // PostgreSQL has no NUL in text; in the message itself it is kept.
                    sessions.map {
                        $0.title.split(separator: "\0", omittingEmptySubsequences: false).joined(separator: " ")
                    },
                    sessions.map(\.createdAt), sessions.map(\.updatedAt), sessions.map(\.head),
                ])
            try await rows.insert(connection)
        }
    }

    /// The appends without what was erased since it was said.
    private static func notErased(
        _ appends: [TimelineAppend],
        _ connection: PostgresConnection
    ) async throws -> [TimelineAppend] {
        let notes = Set(appends.flatMap { ErasureScope.all(of: $0.session).map(\.note) })
        let rows = try await connection.query(
            "SELECT scope, erased_at FROM erasure WHERE scope = ANY ($1)", [Array(notes)])
        guard !rows.isEmpty else { return appends }
        var erased: [String: Date] = [:]
        for row in rows { erased[try row["scope"]] = try row["erased_at"] }
        return appends.compactMap { append in
            let dates = ErasureScope.all(of: append.session).compactMap { erased[$0.note] }
            guard let latest = dates.max() else { return append }
            return Erasure(date: latest).remains(append.messages, of: append.session).map {
                TimelineAppend(messages: $0, session: append.session)
            }
        }
    }

    /// What the appends make of each session: a statement may write a row only once.
    private static func merging(_ appends: [TimelineAppend]) -> [Session] {
        var sessions: [SessionID: Session] = [:]
        for append in appends {
            var session = sessions[append.session.id] ?? append.session
            let latest = append.messages.map(\.createdAt).max() ?? .distantPast
            session.updatedAt = max(session.updatedAt, append.session.updatedAt, latest)
            session.head = append.session.head ?? session.head
            sessions[session.id] = session
        }
        return Array(sessions.values)
    }
}
