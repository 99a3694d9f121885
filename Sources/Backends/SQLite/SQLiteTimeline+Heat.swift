public import FoundationEssentials
import GRDB
public import Hearth

extension SQLiteTimeline {
    public func usage() async throws -> [HeatUsage] {
        try await store.read { database in
            try Heat.allCases.flatMap { heat in
                let (messages, bytes) = Self.columns(of: heat)
                return try Row.fetchAll(
                    database,
                    sql: """
                        SELECT project, count(*) AS sessions, sum(\(messages)) AS messages, sum(\(bytes)) AS bytes,
                            min(usedAt) AS oldest, max(usedAt) AS newest
                        FROM session WHERE \(messages) > 0 GROUP BY project ORDER BY project
                        """
                ).map { row in
                    let project: String? = row["project"]
                    return HeatUsage(
                        projectID: project.flatMap(ProjectID.init(rawValue:)), heat: heat, sessions: row["sessions"],
                        tally: HeatTally(messages: row["messages"], bytes: row["bytes"]),
                        oldest: Date(timeIntervalSince1970: row["oldest"]),
                        newest: Date(timeIntervalSince1970: row["newest"]))
                }
            }
        }
    }

    public func sessions(
        having tiers: Set<Heat>,
        of project: ProjectID?,
        usedBefore date: Date,
        after last: SessionHeat?,
        limit: Int
    ) async throws -> [SessionHeat] {
        let amount = tiers.map { Self.columns(of: $0).messages }.sorted().joined(separator: " + ")
        guard !amount.isEmpty else { return [] }
        return try await store.read { database in
            try Row.fetchAll(
                database,
                sql: """
                    SELECT * FROM session WHERE project IS ? AND usedAt < ? AND (usedAt, id) > (?, ?) AND \(amount) > 0
                    ORDER BY usedAt, id LIMIT ?
                    """,
                arguments: [
                    project?.rawValue, date.timeIntervalSince1970, last?.usedAt.timeIntervalSince1970 ?? -1e12,
                    last?.id.rawValue ?? "", limit,
                ]
            ).compactMap { Self.heat(of: $0, in: project) }
        }
    }

    public func cool(_ session: SessionID) async throws {
        try await store.write { database in
            let messages = try Self.hot(session, before: .greatestFiniteMagnitude, limit: -1, database)
            guard let first = messages.first, let last = messages.last else { return }
            let data = Data(try codec.encode(messages))
            try database.run(
                """
                INSERT INTO block (session, number, oldest, newest, data) VALUES
                    (?, (SELECT coalesce(max(number), 0) + 1 FROM block WHERE session = ?), ?, ?, ?)
                """,
                [
                    session.rawValue, session.rawValue, first.createdAt.timeIntervalSince1970,
                    last.createdAt.timeIntervalSince1970, data,
                ])
            try database.run("DELETE FROM message WHERE session = ?", [session.rawValue])
            try database.run(
                """
                UPDATE session SET hotMessages = 0, hotBytes = 0, warmMessages = warmMessages + ?,
                    warmBytes = warmBytes + ?, revision = revision + 1 WHERE id = ?
                """, [messages.count, data.count, session.rawValue])
        }
    }

    /// Nothing: the pages that a message leaves are taken by the next ones.
    public func dropEmptyChunks(before date: Date) async throws -> Int { 0 }

    public func page(of session: SessionID, before: Date?, limit: Int) async throws -> TimelinePage {
        let latest = before?.timeIntervalSince1970 ?? .greatestFiniteMagnitude
        let (hot, sources, parts) = try await store.read { database in
            (
                try Self.hot(session, before: latest, limit: limit, database),
                limit == 0 ? [] : try Self.blocks(of: session, codec: codec, database),
                try Row.fetchAll(
                    database,
                    sql:
                        "SELECT * FROM archivePart WHERE session = ? AND oldest < ? ORDER BY newest DESC, object, frameStart",
                    arguments: [session.rawValue, latest]
                ).compactMap(Self.part)
            )
        }
        return TimelinePage(
            messages: try await hot.page(with: sources, before: before, limit: limit), parts: parts)
    }

    public func held(_ session: SessionID) async throws -> HeldSession? {
        let held = try await store.read { database -> (revision: Int, hot: [Message], sources: [MessageSource])? in
            guard let row = try database.row("SELECT revision FROM session WHERE id = ?", [session.rawValue]) else {
                return nil
            }
            return (
                row["revision"], try Self.hot(session, before: .greatestFiniteMagnitude, limit: -1, database),
                try Self.blocks(of: session, codec: codec, database)
            )
        }
        guard let held else { return nil }
        return HeldSession(
            id: session, revision: held.revision,
            messages: try await held.hot.page(with: held.sources, before: nil, limit: .max))
    }

    /// - Parameter limit: of the last ones; negative for all.
    private static func hot(
        _ session: SessionID,
        before: Double,
        limit: Int,
        _ database: Database
    ) throws -> [Message] {
        try Data.fetchAll(
            try database.cachedStatement(
                sql:
                    "SELECT body FROM message WHERE session = ? AND createdAt < ? ORDER BY createdAt DESC, id DESC LIMIT ?"
            ),
            arguments: [session.rawValue, before, limit]
        ).reversed().map { try TaskCoding.decode(Message.self, from: $0) }
    }

    private static func blocks(
        of session: SessionID,
        codec: HistoryCodec,
        _ database: Database
    ) throws -> [MessageSource] {
        try Row.fetchAll(
            try database.cachedStatement(sql: "SELECT oldest, newest, data FROM block WHERE session = ?"),
            arguments: [session.rawValue]
        ).map { row in
            let data: Data = row["data"]
            return MessageSource(
                oldest: Date(timeIntervalSince1970: row["oldest"]), newest: Date(timeIntervalSince1970: row["newest"])
            ) {
                try codec.decode(Array(data))
            }
        }
    }

    private static func columns(of heat: Heat) -> (messages: String, bytes: String) {
        switch heat {
        case .hot: ("hotMessages", "hotBytes")
        case .warm: ("warmMessages", "warmBytes")
        case .cold: ("coldMessages", "coldBytes")
        }
    }

    private static func heat(of row: Row, in project: ProjectID?) -> SessionHeat? {
        guard let id = SessionID(rawValue: row["id"]) else { return nil }
        return SessionHeat(
            id: id, projectID: project, usedAt: Date(timeIntervalSince1970: row["usedAt"]),
            hot: HeatTally(messages: row["hotMessages"], bytes: row["hotBytes"]),
            warm: HeatTally(messages: row["warmMessages"], bytes: row["warmBytes"]),
            cold: HeatTally(messages: row["coldMessages"], bytes: row["coldBytes"]))
    }
}
