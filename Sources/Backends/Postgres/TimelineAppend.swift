import FoundationEssentials
import Hearth
import Postgres

/// Messages on their way into a session.
struct TimelineAppend: Sendable {
    let messages: [Message]
    let session: Session

    /// Writes all appends by one statement.
    static func commit(_ appends: [TimelineAppend], _ pool: PostgresPool) async throws {
        let sessions = SessionChange.merging(appends)
        let messages = appends.flatMap { append in append.messages.map { (append.session.id, $0) } }
        try await pool.execute(
            """
            WITH kept AS (
                INSERT INTO session AS old
                    (id, project, title, created_at, updated_at, head, first_message_at, last_message_at)
                SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::timestamptz[], $5::timestamptz[],
                    $6::text[], $7::timestamptz[], $8::timestamptz[]) ORDER BY 1
                ON CONFLICT (id) DO UPDATE SET updated_at = greatest(old.updated_at, excluded.updated_at),
                    head = coalesce(excluded.head, old.head),
                    first_message_at = least(old.first_message_at, excluded.first_message_at),
                    last_message_at = greatest(old.last_message_at, excluded.last_message_at)
            )
            INSERT INTO message (session, created_at, id, body)
            SELECT * FROM unnest($9::text[], $10::timestamptz[], $11::text[], $12::bytea[])
            ON CONFLICT DO NOTHING
            """,
            [
                sessions.map(\.session.id.rawValue), sessions.map(\.session.projectID?.rawValue),
                // PostgreSQL has no NUL in text; in the message itself it is kept.
                sessions.map {
                    $0.session.title.split(separator: "\0", omittingEmptySubsequences: false).joined(separator: " ")
                },
                sessions.map(\.session.createdAt), sessions.map(\.session.updatedAt), sessions.map(\.session.head),
                sessions.map(\.firstMessageAt), sessions.map(\.lastMessageAt), messages.map(\.0.rawValue),
                messages.map(\.1.createdAt), messages.map(\.1.id), try messages.map { try TaskCoding.encode($0.1) },
            ])
    }
}

/// What several appends make of one session's row: a statement may write each row only once.
struct SessionChange {
    private(set) var session: Session
    private(set) var firstMessageAt: Date?
    private(set) var lastMessageAt: Date?

    private init(_ append: TimelineAppend) {
        session = append.session
        take(append)
    }

    /// One change for each session, in the order in which rows are locked.
    static func merging(_ appends: [TimelineAppend]) -> [SessionChange] {
        var changes: [SessionID: SessionChange] = [:]
        for append in appends { changes[append.session.id, default: SessionChange(append)].take(append) }
        return changes.values.sorted { $0.session.id.rawValue < $1.session.id.rawValue }
    }

    private mutating func take(_ append: TimelineAppend) {
        let dates = append.messages.map(\.createdAt)
        session.updatedAt = max(session.updatedAt, append.session.updatedAt, dates.max() ?? .distantPast)
        session.head = append.session.head ?? session.head
        firstMessageAt = (dates + [firstMessageAt].compactMap { $0 }).min()
        lastMessageAt = (dates + [lastMessageAt].compactMap { $0 }).max()
    }
}
