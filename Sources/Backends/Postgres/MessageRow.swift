import FoundationEssentials
import Hearth
import Postgres

/// A message as a row of its session.
struct MessageRow {
    let session: SessionID
    let createdAt: Date
    let id: String
    let body: Data

    init(_ message: Message, in session: SessionID) throws {
        self.session = session
        createdAt = message.createdAt
        id = message.id
        body = try TaskCoding.encode(message)
    }
}

extension [MessageRow] {
    /// Adds the rows that are not there yet, and counts them. The rows of their sessions must be held.
    func insert(_ connection: PostgresConnection) async throws {
        guard !isEmpty else { return }
        try await connection.execute(
            """
            WITH added AS (
                INSERT INTO message (session, created_at, id, body)
                SELECT * FROM unnest($1::text[], $2::timestamptz[], $3::text[], $4::bytea[])
                ON CONFLICT DO NOTHING
                RETURNING session, created_at, octet_length(body) AS bytes
            )
            UPDATE session SET revision = revision + 1,
                hot_messages = hot_messages + counted.messages, hot_bytes = hot_bytes + counted.bytes,
                first_message_at = least(first_message_at, counted.oldest),
                last_message_at = greatest(last_message_at, counted.newest)
            FROM (
                SELECT session, count(*) AS messages, sum(bytes) AS bytes,
                    min(created_at) AS oldest, max(created_at) AS newest
                FROM added GROUP BY session
            ) AS counted WHERE id = counted.session
            """,
            [map(\.session.rawValue), map(\.createdAt), map(\.id), map(\.body)])
    }
}
