public import FoundationEssentials
public import Hearth
import Postgres

extension PostgresTimeline {
    public func usage() async throws -> [HeatUsage] {
        let tiers = Heat.allCases.map { heat in
            let (messages, bytes) = Self.columns(of: heat)
            return """
                SELECT '\(heat.rawValue)'::text AS heat, project, count(*) AS sessions, sum(\(messages))::int8 AS messages,
                    sum(\(bytes))::int8 AS bytes, min(used_at) AS oldest, max(used_at) AS newest
                FROM session WHERE \(messages) > 0 GROUP BY project
                """
        }
        let all = tiers.joined(separator: " UNION ALL ")
        return try await PostgresFailure.translating {
            try await store.pool.query("SELECT * FROM (\(all)) AS usage ORDER BY project COLLATE \"C\" NULLS FIRST")
                .compactMap(Self.usage)
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
        let place = project == nil ? "project IS NULL" : "project = $5"
        return try await PostgresFailure.translating {
            try await store.pool.query(
                """
                SELECT * FROM session WHERE \(place) AND used_at < $1 AND (used_at, id COLLATE "C") > ($2, $3)
                    AND \(amount) > 0 ORDER BY used_at, id COLLATE "C" LIMIT $4
                """,
                [date, last?.usedAt ?? Self.always, last?.id.rawValue ?? "", limit]
                    + [project?.rawValue].compactMap { $0 }
            ).compactMap { try Self.heat(of: $0, in: project) }
        }
    }

    public func cool(_ session: SessionID) async throws {
        try await PostgresFailure.translating {
            try await store.pool.withTransaction { connection in
                let locked = try await LockedSession.take([session], connection)
                guard let hot = locked.first?.hot else { return }
                let messages = try await connection.query(
                    "SELECT body FROM message WHERE session = $1 AND created_at >= $2 AND created_at <= $3",
                    [session.rawValue, hot.lowerBound, hot.upperBound]
                ).map { try TaskCoding.decode(Message.self, from: try $0["body"]) }.united()
                guard let first = messages.first, let last = messages.last else { return }
                let data = Data(try codec.encode(messages))
                try await connection.execute(
                    """
                    INSERT INTO block (session, number, oldest, newest, data) VALUES
                        ($1, (SELECT coalesce(max(number), 0) + 1 FROM block WHERE session = $1), $2, $3, $4)
                    """, [session.rawValue, first.createdAt, last.createdAt, data])
                try await locked.deleteMessages(connection)
                try await connection.execute(
                    """
                    UPDATE session SET hot_messages = 0, hot_bytes = 0, first_message_at = NULL, last_message_at = NULL,
                        warm_messages = warm_messages + $2, warm_bytes = warm_bytes + $3, revision = revision + 1
                    WHERE id = $1
                    """, [session.rawValue, messages.count, data.count])
            }
        }
    }

    public func dropEmptyChunks(before date: Date) async throws -> Int {
        try await PostgresFailure.translating {
            try await EmptyChunks(store: store, hypertable: PostgresSchema.message).drop(before: date)
        }
    }

    public func page(of session: SessionID, before: Date?, limit: Int) async throws -> TimelinePage {
        try await PostgresFailure.translating {
            let rows = try await store.pool.withConnection {
                try await TimelineRows.read(session, before: before, limit: limit, codec: codec, $0)
            }
            return TimelinePage(
                messages: try await rows.hot.page(with: rows.warm, before: before, limit: limit), parts: rows.cold)
        }
    }

    public func held(_ session: SessionID) async throws -> HeldSession? {
        try await PostgresFailure.translating {
            let held = try await store.pool.withTransaction(isolation: .repeatableRead) {
                connection -> (revision: Int, rows: TimelineRows)? in
                let known = try await connection.query("SELECT revision FROM session WHERE id = $1", [session.rawValue])
                guard let row = known.first else { return nil }
                return (
                    try row["revision"],
                    try await TimelineRows.read(session, before: nil, limit: .max, codec: codec, connection)
                )
            }
            guard let held else { return nil }
            return HeldSession(
                id: session, revision: held.revision,
                messages: try await held.rows.hot.page(with: held.rows.warm, before: nil, limit: .max))
        }
    }

    private static func columns(of heat: Heat) -> (messages: String, bytes: String) {
        ("\(heat.rawValue)_messages", "\(heat.rawValue)_bytes")
    }

    private static func usage(_ row: PostgresRow) throws -> HeatUsage? {
        guard let heat = Heat(rawValue: try row["heat"]) else { return nil }
        let project: String? = try row["project"]
        return HeatUsage(
            projectID: project.flatMap(ProjectID.init(rawValue:)), heat: heat, sessions: try row["sessions"],
            tally: HeatTally(messages: try row["messages"], bytes: try row["bytes"]), oldest: try row["oldest"],
            newest: try row["newest"])
    }

    private static func heat(of row: PostgresRow, in project: ProjectID?) throws -> SessionHeat? {
        guard let id = SessionID(rawValue: try row["id"]) else { return nil }
        return SessionHeat(
            id: id, projectID: project, usedAt: try row["used_at"],
            hot: HeatTally(messages: try row["hot_messages"], bytes: try row["hot_bytes"]),
            warm: HeatTally(messages: try row["warm_messages"], bytes: try row["warm_bytes"]),
            cold: HeatTally(messages: try row["cold_messages"], bytes: try row["cold_bytes"]))
    }
}
