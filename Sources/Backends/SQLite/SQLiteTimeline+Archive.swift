import FoundationEssentials
import GRDB
public import Hearth

extension SQLiteTimeline {
    public func archive(
        _ sessions: [HeldSession],
        in object: ArchiveObject,
        parts: [ArchivePart]
    ) async throws -> Bool {
        try await store.write { database in
            guard try Self.mayEnter(object.key, database) else { return false }
            for session in sessions {
                let revision = try Int.fetchOne(
                    database, sql: "SELECT revision FROM session WHERE id = ?", arguments: [session.id.rawValue])
                guard revision == session.revision else { return false }
            }
            try Self.enter(object, parts, database)
            for session in sessions {
                try database.run("DELETE FROM message WHERE session = ?", [session.id.rawValue])
                try database.run("DELETE FROM block WHERE session = ?", [session.id.rawValue])
                try database.run(
                    """
                    UPDATE session SET hotMessages = 0, hotBytes = 0, warmMessages = 0, warmBytes = 0,
                        revision = revision + 1 WHERE id = ?
                    """, [session.id.rawValue])
            }
            return true
        }
    }

    public func thaw(_ messages: [Message], of session: SessionID, from parts: [ArchivePart]) async throws -> Bool {
        let rows = try messages.map { ($0, try TaskCoding.encode($0)) }
        let now = store.now().timeIntervalSince1970
        return try await store.write { database in
            let known = try Row.fetchAll(
                database, sql: "SELECT * FROM archivePart WHERE session = ?", arguments: [session.rawValue]
            ).compactMap(Self.part)
            guard !known.isEmpty, Set(known) == Set(parts) else { return false }
            try database.run("DELETE FROM archivePart WHERE session = ?", [session.rawValue])
            try database.run(
                """
                UPDATE session SET coldMessages = 0, coldBytes = 0, revision = revision + 1, usedAt = max(usedAt, ?)
                WHERE id = ?
                """, [now, session.rawValue])
            try Self.insert(rows, into: session, database)
            return true
        }
    }

    public func archiveObjects(after key: String?, limit: Int) async throws -> [ArchiveObject] {
        try await store.read { database in
            try Row.fetchAll(
                database, sql: "SELECT * FROM archiveObject WHERE key > ? ORDER BY key LIMIT ?",
                arguments: [key ?? "", limit]
            ).map(Self.object)
        }
    }

    public func objectsWithHoles(limit: Int) async throws -> [ArchiveObject] {
        try await store.read { database in
            try Row.fetchAll(
                database,
                sql: """
                    SELECT * FROM archiveObject WHERE messages >
                        (SELECT coalesce(sum(messages), 0) FROM archivePart WHERE object = archiveObject.key)
                    ORDER BY key LIMIT ?
                    """, arguments: [limit]
            ).map(Self.object)
        }
    }

    public func parts(of object: String) async throws -> [ArchivePart] {
        try await store.read { try Self.parts(of: object, $0) }
    }

    public func replace(
        _ old: ArchiveObject,
        with object: ArchiveObject,
        parts: [ArchivePart]
    ) async throws -> Bool {
        try await store.write { database in
            let known = try Self.parts(of: old.key, database)
            guard Self.messages(known) == Self.messages(parts),
                try Self.mayEnter(object.key, database)
            else { return false }
            try database.run("DELETE FROM archivePart WHERE object = ?", [old.key])
            try Self.beginDeleting(old.key, database)
            try Self.enter(object, parts, database)
            for session in Set(known.map(\.session)) {
                try Self.recount(session, database)
            }
            return true
        }
    }

    public func beginDeleting(_ key: String) async throws -> Bool {
        try await store.write { database in
            guard try Self.parts(of: key, database).isEmpty else { return false }
            try Self.beginDeleting(key, database)
            return true
        }
    }

    public func objectsBeingDeleted(limit: Int) async throws -> [String] {
        try await store.read { database in
            try String.fetchAll(
                database, sql: "SELECT key FROM archiveDeletion WHERE endedAt IS NULL ORDER BY key LIMIT ?",
                arguments: [limit])
        }
    }

    public func endDeleting(_ key: String) async throws {
        let now = store.now().timeIntervalSince1970
        try await store.write { database in
            try database.run("UPDATE archiveDeletion SET endedAt = ? WHERE key = ? AND endedAt IS NULL", [now, key])
            // No archiving takes a week.
            try database.run("DELETE FROM archiveDeletion WHERE endedAt < ?", [now - 7 * 86_400])
        }
    }

    /// Whether an object that was stored is still there for sure.
    private static func mayEnter(_ key: String, _ database: Database) throws -> Bool {
        try database.row("SELECT 1 FROM archiveDeletion WHERE key = ?", [key]) == nil
    }

    private static func enter(_ object: ArchiveObject, _ parts: [ArchivePart], _ database: Database) throws {
        try database.run(
            """
            INSERT INTO archiveObject (key, project, sha256, bytes, messages, createdAt) VALUES (?, ?, ?, ?, ?, ?)
            ON CONFLICT (key) DO NOTHING
            """,
            [
                object.key, object.projectID?.rawValue, object.sha256, object.bytes, object.messages,
                object.createdAt.timeIntervalSince1970,
            ])
        for part in parts {
            try database.run(
                """
                INSERT INTO archivePart (object, frameStart, frameEnd, session, messages, bytes, oldest, newest)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING
                """,
                [
                    part.object, part.frame.lowerBound, part.frame.upperBound, part.session.rawValue,
                    part.tally.messages, part.tally.bytes, part.oldest.timeIntervalSince1970,
                    part.newest.timeIntervalSince1970,
                ])
        }
        for session in Set(parts.map(\.session)) { try recount(session, database) }
    }

    private static func recount(_ session: SessionID, _ database: Database) throws {
        try database.run(
            """
            UPDATE session SET revision = revision + 1,
                coldMessages = (SELECT coalesce(sum(messages), 0) FROM archivePart WHERE session = session.id),
                coldBytes = (SELECT coalesce(sum(bytes), 0) FROM archivePart WHERE session = session.id)
            WHERE id = ?
            """, [session.rawValue])
    }

    private static func beginDeleting(_ key: String, _ database: Database) throws {
        try database.run("DELETE FROM archiveObject WHERE key = ?", [key])
        try database.run(
            "INSERT INTO archiveDeletion (key) VALUES (?) ON CONFLICT (key) DO UPDATE SET endedAt = NULL", [key])
    }

    private static func parts(of object: String, _ database: Database) throws -> [ArchivePart] {
        try Row.fetchAll(
            database, sql: "SELECT * FROM archivePart WHERE object = ? ORDER BY frameStart, session",
            arguments: [object]
        ).compactMap(part)
    }

    /// How many messages of each session.
    private static func messages(_ parts: [ArchivePart]) -> [SessionID: Int] {
        Dictionary(parts.map { ($0.session, $0.tally.messages) }, uniquingKeysWith: +)
    }

    static func part(_ row: Row) -> ArchivePart? {
        guard let session = SessionID(rawValue: row["session"]) else { return nil }
        let (start, end): (Int, Int) = (row["frameStart"], row["frameEnd"])
        guard start <= end else { return nil }
        return ArchivePart(
            session: session, object: row["object"], frame: start..<end,
            tally: HeatTally(messages: row["messages"], bytes: row["bytes"]),
            oldest: Date(timeIntervalSince1970: row["oldest"]), newest: Date(timeIntervalSince1970: row["newest"]))
    }

    private static func object(_ row: Row) -> ArchiveObject {
        let project: String? = row["project"]
        return ArchiveObject(
            key: row["key"], projectID: project.flatMap(ProjectID.init(rawValue:)), sha256: row["sha256"],
            bytes: row["bytes"], messages: row["messages"], createdAt: Date(timeIntervalSince1970: row["createdAt"]))
    }
}
