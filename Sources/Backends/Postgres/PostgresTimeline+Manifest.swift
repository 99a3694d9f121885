import Hearth
import Postgres

/// What the transactions that change the manifest are made of.
extension PostgresTimeline {
    /// One change of the manifest at a time, so that nothing enters an object whose deletion begins at the same moment. Taken
    /// before any session.
    static func lockManifest(_ connection: PostgresConnection) async throws {
        try await connection.execute("LOCK TABLE archive_deletion IN SHARE ROW EXCLUSIVE MODE")
    }

    /// Whether an object that was stored is still there for sure.
    static func mayEnter(_ key: String, _ connection: PostgresConnection) async throws -> Bool {
        try await connection.query("SELECT 1 FROM archive_deletion WHERE key = $1", [key]).isEmpty
    }

    static func enter(
        _ object: ArchiveObject,
        _ parts: [ArchivePart],
        _ connection: PostgresConnection
    ) async throws {
        try await connection.execute(
            """
            INSERT INTO archive_object (key, project, sha256, bytes, messages, created_at) VALUES ($1, $2, $3, $4, $5, $6)
            ON CONFLICT (key) DO NOTHING
            """,
            [
                object.key, object.projectID?.rawValue, object.sha256, object.bytes, object.messages, object.createdAt,
            ])
        try await connection.execute(
            """
            INSERT INTO archive_part (object, frame_start, frame_end, session, messages, bytes, oldest, newest)
            SELECT * FROM unnest($1::text[], $2::int8[], $3::int8[], $4::text[], $5::int8[], $6::int8[],
                $7::timestamptz[], $8::timestamptz[])
            ON CONFLICT DO NOTHING
            """,
            [
                parts.map(\.object), parts.map(\.frame.lowerBound), parts.map(\.frame.upperBound),
                parts.map(\.session.rawValue), parts.map(\.tally.messages), parts.map(\.tally.bytes),
                parts.map(\.oldest), parts.map(\.newest),
            ])
    }

    /// Counts what is cold of the sessions.
    static func recount(_ sessions: [String], _ connection: PostgresConnection) async throws {
        try await connection.execute(
            """
            UPDATE session SET revision = revision + 1,
                cold_messages = (SELECT coalesce(sum(messages), 0) FROM archive_part WHERE session = session.id),
                cold_bytes = (SELECT coalesce(sum(bytes), 0) FROM archive_part WHERE session = session.id)
            WHERE id = ANY ($1)
            """, [sessions])
    }

    static func beginDeleting(_ key: String, _ connection: PostgresConnection) async throws {
        try await connection.execute("DELETE FROM archive_object WHERE key = $1", [key])
        try await connection.execute(
            "INSERT INTO archive_deletion (key) VALUES ($1) ON CONFLICT (key) DO UPDATE SET ended_at = NULL", [key])
    }

    static func parts(
        _ condition: String,
        _ argument: String,
        _ connection: PostgresConnection
    ) async throws -> [ArchivePart] {
        try await connection.query(
            "SELECT * FROM archive_part WHERE \(condition) ORDER BY frame_start, session COLLATE \"C\"", [argument]
        ).compactMap(ArchivePart.init)
    }
}
