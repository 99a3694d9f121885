import FoundationEssentials
import Hearth
import Postgres

/// What the database has of a session, in all tiers, at one moment.
struct TimelineRows {
    private(set) var hot: [Message] = []
    private(set) var warm: [MessageSource] = []
    private(set) var cold: [ArchivePart] = []

    /// - Parameters:
    ///   - limit: of the last hot ones; 0 leaves the warm ones out too.
    static func read(
        _ session: SessionID,
        before: Date?,
        limit: Int,
        codec: HistoryCodec,
        _ connection: PostgresConnection
    ) async throws -> TimelineRows {
        var rows = TimelineRows()
        let found = try await connection.query(
            PostgresTimeline.page, [session.rawValue, before ?? PostgresTimeline.never, limit])
        for row in found { try rows.take(row, of: session, codec: codec) }
        rows.cold.sort { left, right in
            (right.newest, left.object, left.frame.lowerBound) < (left.newest, right.object, right.frame.lowerBound)
        }
        return rows
    }

    private mutating func take(_ row: PostgresRow, of session: SessionID, codec: HistoryCodec) throws {
        switch Heat(rawValue: try row["heat"]) {
        case .hot: hot.append(try TaskCoding.decode(Message.self, from: try row["body"]))
        case .warm:
            let data: Data = try row["body"]
            warm.append(
                MessageSource(oldest: try row["oldest"], newest: try row["newest"]) {
                    try codec.decode(Array(data))
                })
        case .cold: cold += [try ArchivePart(row)].compactMap { $0 }
        case nil: return
        }
    }
}

extension PostgresTimeline {
    /// The last messages of a session before a moment, its blocks, and its parts before the moment. The session knows between
    /// which times its rows are, so that only the chunks of these times are touched.
    package static let page = """
        SELECT 'cold'::text AS heat, NULL::bytea AS body, session, oldest, newest, object, frame_start, frame_end,
            messages, bytes
        FROM archive_part WHERE session = $1 AND oldest <= $2
        UNION ALL
        SELECT 'warm', data, session, oldest, newest, NULL, NULL, NULL, NULL, NULL
        FROM block WHERE session = $1 AND $3 > 0
        UNION ALL
        SELECT 'hot', body, session, NULL, NULL, NULL, NULL, NULL, NULL, NULL FROM (
            SELECT body, session FROM message WHERE session = $1 AND created_at < $2
                AND created_at >= (SELECT first_message_at FROM session WHERE id = $1)
                AND created_at <= (SELECT last_message_at FROM session WHERE id = $1)
            ORDER BY created_at DESC, id DESC LIMIT $3
        ) AS page
        """
}
