import FoundationEssentials
import Hearth
import Postgres

/// A session whose row the transaction holds: nobody else changes its messages until the transaction ends.
struct LockedSession {
    let id: String
    let revision: Int
    /// Between which times its hot messages are; `nil` if it has none.
    let hot: ClosedRange<Date>?

    static let deletion = "DELETE FROM message WHERE session = ANY ($1) AND created_at >= $2 AND created_at <= $3"

    /// Those of the sessions that there are.
    static func take(
        _ sessions: some Sequence<SessionID>,
        _ connection: PostgresConnection
    ) async throws -> [LockedSession] {
        try await take("id = ANY ($1)", sessions.map(\.rawValue), connection)
    }

    /// All to which the condition applies, in the order in which everybody takes them.
    static func take(
        _ condition: String,
        _ argument: any PostgresValue,
        _ connection: PostgresConnection
    ) async throws -> [LockedSession] {
        try await connection.query(
            """
            SELECT id, revision, first_message_at, last_message_at FROM session WHERE \(condition) ORDER BY id FOR UPDATE
            """, [argument]
        ).map(Self.init)
    }

    private init(_ row: PostgresRow) throws {
        id = try row["id"]
        revision = try row["revision"]
        let (first, last): (Date?, Date?) = (try row["first_message_at"], try row["last_message_at"])
        if let first, let last, first <= last { hot = first...last } else { hot = nil }
    }
}

extension [LockedSession] {
    /// Deletes the hot messages in the chunks where they are.
    func deleteMessages(_ connection: PostgresConnection) async throws {
        let ranges = compactMap(\.hot)
        guard let first = ranges.map(\.lowerBound).min(), let last = ranges.map(\.upperBound).max() else { return }
        try await connection.execute(LockedSession.deletion, [map(\.id), first, last])
    }
}
