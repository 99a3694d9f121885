import FoundationEssentials
public import Hearth
import Postgres

extension PostgresTimeline {
    public func archive(
        _ sessions: [HeldSession],
        in object: ArchiveObject,
        parts: [ArchivePart]
    ) async throws -> Bool {
        let revisions = Dictionary(sessions.map { ($0.id.rawValue, $0.revision) }) { first, _ in first }
        return try await PostgresFailure.translating {
            try await store.pool.withTransaction { connection in
                try await Self.lockManifest(connection)
                guard try await Self.mayEnter(object.key, connection) else { return false }
                let locked = try await LockedSession.take(sessions.map(\.id), connection)
                guard Dictionary(uniqueKeysWithValues: locked.map { ($0.id, $0.revision) }) == revisions else {
                    return false
                }
                try await locked.deleteMessages(connection)
                let ids = locked.map(\.id)
                try await connection.execute("DELETE FROM block WHERE session = ANY ($1)", [ids])
                try await connection.execute(
                    """
                    UPDATE session SET hot_messages = 0, hot_bytes = 0, warm_messages = 0, warm_bytes = 0,
                        first_message_at = NULL, last_message_at = NULL, revision = revision + 1 WHERE id = ANY ($1)
                    """, [ids])
                try await Self.enter(object, parts, connection)
                try await Self.recount(parts.map(\.session.rawValue), connection)
                return true
            }
        }
    }

    public func thaw(_ messages: [Message], of session: SessionID, from parts: [ArchivePart]) async throws -> Bool {
        let rows = try messages.map { try MessageRow($0, in: session) }
        return try await PostgresFailure.translating {
            try await store.pool.withTransaction { connection in
                _ = try await LockedSession.take([session], connection)
                let known = try await Self.parts("session = $1", session.rawValue, connection)
                guard !known.isEmpty, Set(known) == Set(parts) else { return false }
                try await connection.execute("DELETE FROM archive_part WHERE session = $1", [session.rawValue])
                try await connection.execute(
                    """
                    UPDATE session SET cold_messages = 0, cold_bytes = 0, revision = revision + 1,
                        used_at = greatest(used_at, $2) WHERE id = $1
                    """, [session.rawValue, store.now()])
                try await rows.insert(connection)
                return true
            }
        }
    }

    public func archiveObjects(after key: String?, limit: Int) async throws -> [ArchiveObject] {
        try await objects("WHERE key > $1 ORDER BY key LIMIT $2", [key ?? "", limit])
    }

    public func objectsWithHoles(limit: Int) async throws -> [ArchiveObject] {
        try await objects(
            """
            WHERE messages > (SELECT coalesce(sum(messages), 0) FROM archive_part WHERE object = archive_object.key)
            ORDER BY key LIMIT $1
            """, [limit])
    }

    public func parts(of object: String) async throws -> [ArchivePart] {
        try await PostgresFailure.translating {
            try await store.pool.withConnection { try await Self.parts("object = $1", object, $0) }
        }
    }

    public func replace(
        _ old: ArchiveObject,
        with object: ArchiveObject,
        parts: [ArchivePart]
    ) async throws -> Bool {
        try await PostgresFailure.translating {
            try await store.pool.withTransaction { connection in
                try await Self.lockManifest(connection)
                _ = try await LockedSession.take(Set(parts.map(\.session)), connection)
                // Looked at when the sessions are held: none is thawed or deleted from here on.
                let known = try await Self.parts("object = $1", old.key, connection)
                guard Self.messages(known) == Self.messages(parts),
                    try await Self.mayEnter(object.key, connection)
                else { return false }
                try await connection.execute("DELETE FROM archive_part WHERE object = $1", [old.key])
                try await Self.beginDeleting(old.key, connection)
                try await Self.enter(object, parts, connection)
                try await Self.recount(parts.map(\.session.rawValue), connection)
                return true
            }
        }
    }

    public func beginDeleting(_ key: String) async throws -> Bool {
        try await PostgresFailure.translating {
            try await store.pool.withTransaction { connection in
                try await Self.lockManifest(connection)
                guard try await Self.parts("object = $1", key, connection).isEmpty else { return false }
                try await Self.beginDeleting(key, connection)
                return true
            }
        }
    }

    public func objectsBeingDeleted(limit: Int) async throws -> [String] {
        try await PostgresFailure.translating {
            try await store.pool.query(
                "SELECT key FROM archive_deletion WHERE ended_at IS NULL ORDER BY key LIMIT $1", [limit]
            ).map { try $0["key"] }
        }
    }

    public func endDeleting(_ key: String) async throws {
        let now = store.now()
        try await PostgresFailure.translating {
            try await store.pool.withTransaction { connection in
                try await Self.lockManifest(connection)
                try await connection.execute(
                    "UPDATE archive_deletion SET ended_at = $2 WHERE key = $1 AND ended_at IS NULL", [key, now])
                // No archiving takes a week.
                try await connection.execute(
                    "DELETE FROM archive_deletion WHERE ended_at < $1", [now.addingTimeInterval(-7 * 86_400)])
            }
        }
    }

    private func objects(_ place: String, _ parameters: [any PostgresValue]) async throws -> [ArchiveObject] {
        try await PostgresFailure.translating {
            try await store.pool.query("SELECT * FROM archive_object \(place)", parameters).map(ArchiveObject.init)
        }
    }

    /// How many messages of each session.
    private static func messages(_ parts: [ArchivePart]) -> [SessionID: Int] {
        Dictionary(parts.map { ($0.session, $0.tally.messages) }, uniquingKeysWith: +)
    }
}
