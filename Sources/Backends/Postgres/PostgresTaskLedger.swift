public import FoundationEssentials
public import Hearth
import Postgres

/// The ledger in PostgreSQL. Events are divided by the time of their task where TimescaleDB is.
///
/// Every write waits for the server's disk, except the note that the bus has a task, which may be made again.
public struct PostgresTaskLedger: TaskLedger {
    let store: PostgresStore

    public init(_ store: PostgresStore) { self.store = store }

    public func record(_ task: AnswerTask, deduplicatingWithin window: Double) async throws -> RecordOutcome {
        let body = try TaskCoding.encode(task)
        return try await PostgresFailure.translating {
            guard let deduplication = task.deduplication else {
                return try await store.pool.withConnection { try await insert(task, body: body, $0) }
            }
            return try await store.pool.withTransaction { connection in
                // Two requests of one key that come at the same time come one after the other.
                try await connection.execute(
                    "SELECT pg_advisory_xact_lock(hashtextextended($1, 0))", [deduplication.key])
                let earlier = try await connection.query(
                    """
                    SELECT id, body_hash FROM answer WHERE deduplication_key = $1 AND created_at >= $2
                    AND status != 'rejected' ORDER BY created_at DESC LIMIT 1
                    """, [deduplication.key, task.createdAt.addingTimeInterval(-window)])
                if let row = earlier.first, let id = CorrelationID(rawValue: try row["id"]) {
                    let hash: String? = try row["body_hash"]
                    return hash == deduplication.bodyHash ? .duplicate(id) : .conflict(id)
                }
                return try await insert(task, body: body, connection)
            }
        }
    }

    private func insert(_ task: AnswerTask, body: Data, _ connection: PostgresConnection) async throws -> RecordOutcome
    {
        try await connection.execute(
            """
            WITH asked AS (INSERT INTO question (id, task) VALUES ($1, $7))
            INSERT INTO answer (id, project, session, status, deduplication_key, body_hash, created_at)
            VALUES ($1, $2, $3, 'queued', $4, $5, $6)
            """,
            [
                task.id.rawValue, task.question.projectID?.rawValue, task.question.sessionID.rawValue,
                task.deduplication?.key, task.deduplication?.bodyHash, task.createdAt, body,
            ])
        return .recorded
    }

    public func markPublished(_ id: CorrelationID) async throws {
        try await PostgresFailure.translating {
            // Whoever does not find the note after a crash publishes the task again, which changes nothing.
            try await store.pool.execute(
                """
                UPDATE answer SET published_at = $2
                WHERE id = $1 AND published_at IS NULL AND set_config('synchronous_commit', 'off', true) IS NOT NULL
                """, [id.rawValue, store.now()])
        }
    }

    public func reject(_ id: CorrelationID, failure: TaskFailure) async throws {
        try await PostgresFailure.translating {
            try await store.pool.execute(
                """
                UPDATE answer SET status = 'rejected', failure = $2, finished_at = $3
                WHERE id = $1 AND status = 'queued' AND published_at IS NULL
                """, [id.rawValue, try TaskCoding.encode(failure), store.now()])
        }
    }

    public func unpublished(before date: Date, limit: Int) async throws -> [AnswerTask] {
        try await PostgresFailure.translating {
            try await store.pool.query(
                """
                SELECT task FROM answer JOIN question USING (id)
                WHERE status = 'queued' AND published_at IS NULL AND created_at < $1 ORDER BY created_at LIMIT $2
                """, [date, limit]
            ).map { try TaskCoding.decode(AnswerTask.self, from: try $0[0]) }
        }
    }

    public func append(_ events: [ReplyEvent]) async throws -> AppendOutcome {
        if events.isEmpty { return .appended(isCancellationRequested: false) }
        return try await PostgresFailure.translating { try await store.events.write(events).get() }
    }

    public func events(of id: CorrelationID, after sequence: Int, limit: Int) async throws -> [ReplyEvent] {
        try await PostgresFailure.translating {
            try await store.pool.withConnection {
                try await events(of: id, after: sequence, upTo: .max, limit: limit, $0)
            }
        }
    }

    /// Events of one question. Its row says which chunk they are in. As a range in the order of time, not as an equality,
    /// because TimescaleDB then looks at the other chunks not even while the plan runs.
    package static let page = """
        SELECT sequence, attempt, kind FROM event
        WHERE id = $1 AND task_created_at >= (SELECT created_at FROM answer WHERE id = $1)
            AND task_created_at <= (SELECT created_at FROM answer WHERE id = $1)
            AND sequence > $2 AND sequence <= $3 ORDER BY task_created_at, sequence LIMIT $4
        """

    func events(
        of id: CorrelationID,
        after sequence: Int,
        upTo last: Int,
        limit: Int,
        _ connection: PostgresConnection
    ) async throws -> [ReplyEvent] {
        try await connection.query(
            Self.page, [id.rawValue, Int32(clamping: sequence), Int32(clamping: last), limit]
        ).map { row in
            ReplyEvent(
                correlationID: id, attempt: try row["attempt"], sequence: try row["sequence"],
                kind: try TaskCoding.decode(ReplyEvent.Kind.self, from: try row["kind"]))
        }
    }

    public func entry(_ id: CorrelationID) async throws -> LedgerEntry? {
        try await entries("WHERE id = $1", [id.rawValue]).first
    }

    public func entries(
        status: TaskStatus?,
        project: ProjectID?,
        before: Date?,
        limit: Int
    ) async throws -> [LedgerEntry] {
        var conditions: [String] = []
        var parameters: [any PostgresValue] = [limit]
        func require(_ condition: String, _ parameter: any PostgresValue) {
            parameters.append(parameter)
            conditions.append("\(condition) $\(parameters.count)")
        }
        if let status { require("status =", status.rawValue) }
        if let project { require("project =", project.rawValue) }
        if let before { require("created_at <", before) }
        let place = conditions.isEmpty ? "" : "WHERE " + conditions.joined(separator: " AND ")
        return try await entries("\(place) ORDER BY created_at DESC, id DESC LIMIT $1", parameters)
    }

    public func throughput(since date: Date) async throws -> Throughput {
        try await PostgresFailure.translating {
            let rows = try await store.pool.query(
                """
                SELECT count(*) AS finished, avg(extract(epoch FROM finished_at - started_at))::float8 AS mean
                FROM answer
                WHERE finished_at >= $1 AND started_at IS NOT NULL AND status IN ('completed', 'failed')
                """, [date])
            let mean: Double? = try rows[0]["mean"]
            return Throughput(finished: try rows[0]["finished"], meanServiceSeconds: mean ?? 0)
        }
    }

    private func entries(_ place: String, _ parameters: [any PostgresValue]) async throws -> [LedgerEntry] {
        try await PostgresFailure.translating {
            try await store.pool.query("SELECT * FROM answer JOIN question USING (id) \(place)", parameters)
                .map(Self.entry)
        }
    }

    private static func entry(_ row: PostgresRow) throws -> LedgerEntry {
        let failure: Data? = try row["failure"]
        return LedgerEntry(
            task: try TaskCoding.decode(AnswerTask.self, from: try row["task"]),
            status: TaskStatus(rawValue: try row["status"]) ?? .failed, attempt: try row["attempt"],
            lastSequence: try row["last_sequence"], isCancellationRequested: try row["is_cancellation_requested"],
            publishedAt: try row["published_at"], startedAt: try row["started_at"],
            finishedAt: try row["finished_at"],
            failure: try failure.map { try TaskCoding.decode(TaskFailure.self, from: $0) })
    }
}
