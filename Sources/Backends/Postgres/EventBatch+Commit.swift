import FoundationEssentials
import Hearth
import Postgres

extension EventBatch {
    /// Writes the appends in one transaction; the rows of their answers are locked first, always in the same order.
    static func commit(
        _ appends: [[ReplyEvent]],
        _ pool: PostgresPool,
        now: Date
    ) async throws -> [Result<AppendOutcome, StoreError>] {
        let ids = Set(appends.joined().map(\.correlationID.rawValue)).sorted()
        return try await pool.withTransaction { connection in
            var batch = EventBatch(try await lock(ids, connection))
            let repeated = batch.repeated(in: appends)
            if !repeated.isEmpty { try await batch.learn(repeated, connection) }
            let outcomes = appends.map { batch.add($0) }
            try await batch.write(connection, now: now)
            return outcomes
        }
    }

    private static func lock(_ ids: [String], _ connection: PostgresConnection) async throws -> [CorrelationID: Answer]
    {
        let rows = try await connection.query(
            """
            SELECT id, status, attempt, last_sequence, is_cancellation_requested, created_at
            FROM answer WHERE id = ANY ($1) ORDER BY id FOR UPDATE
            """, [ids])
        var answers: [CorrelationID: Answer] = [:]
        for row in rows {
            guard let id = CorrelationID(rawValue: try row["id"]) else { continue }
            answers[id] = Answer(
                createdAt: try row["created_at"], status: TaskStatus(rawValue: try row["status"]) ?? .failed,
                attempt: try row["attempt"], lastSequence: try row["last_sequence"],
                isCancellationRequested: try row["is_cancellation_requested"])
        }
        return answers
    }

    private mutating func learn(_ places: [Place], _ connection: PostgresConnection) async throws {
        let rows = try await connection.query(
            """
            SELECT event.id, event.sequence, event.attempt
            FROM unnest($1::text[], $2::timestamptz[], $3::int[]) AS wanted (id, task_created_at, sequence)
            JOIN event USING (id, task_created_at, sequence)
            """,
            [
                places.map(\.id.rawValue), places.map { answers[$0.id]?.createdAt },
                places.map { Int32(clamping: $0.sequence) },
            ])
        for row in rows {
            guard let id = CorrelationID(rawValue: try row["id"]) else { continue }
            know(Place(id: id, sequence: try row["sequence"]), writer: try row["attempt"])
        }
    }

    private func write(_ connection: PostgresConnection, now: Date) async throws {
        guard !events.isEmpty else { return }
        let changed = answers.filter(\.value.isChanged).sorted { $0.key.rawValue < $1.key.rawValue }
        try await connection.execute(
            """
            WITH added AS (
                INSERT INTO event (id, task_created_at, sequence, attempt, kind)
                SELECT * FROM unnest($1::text[], $2::timestamptz[], $3::int[], $4::int[], $5::bytea[])
            )
            UPDATE answer SET last_sequence = new.last_sequence, status = new.status,
                failure = coalesce(new.failure, answer.failure),
                finished_at = coalesce(new.finished_at, answer.finished_at)
            FROM unnest($6::text[], $7::int[], $8::text[], $9::bytea[], $10::timestamptz[])
                AS new (id, last_sequence, status, failure, finished_at)
            WHERE answer.id = new.id
            """,
            [
                events.map(\.correlationID.rawValue), events.map { answers[$0.correlationID]?.createdAt },
                events.map { Int32(clamping: $0.sequence) }, events.map { Int32(clamping: $0.attempt) },
                try events.map { try TaskCoding.encode($0.kind) }, changed.map(\.key.rawValue),
                changed.map { Int32(clamping: $0.value.lastSequence) }, changed.map(\.value.status.rawValue),
                try changed.map { try $0.value.failure.map { try TaskCoding.encode($0) } },
                changed.map { $0.value.status.isTerminal ? now : nil },
            ])
    }
}
