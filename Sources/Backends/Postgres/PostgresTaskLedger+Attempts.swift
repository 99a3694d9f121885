import FoundationEssentials
public import Hearth
import Postgres

extension PostgresTaskLedger {
    public func beginAttempt(_ id: CorrelationID) async throws -> AttemptOutcome {
        try await PostgresFailure.translating {
            try await store.pool.withConnection { connection in
                // The update alone is the compare-and-set: from its commit on, the attempt before writes nothing more.
                let rows = try await connection.query(
                    """
                    UPDATE answer SET status = 'running', attempt = attempt + 1, started_at = $2
                    WHERE id = $1 AND status IN ('queued', 'running') RETURNING attempt, last_sequence
                    """, [id.rawValue, store.now()])
                guard let row = rows.first else { return try await end(of: id, connection) }
                let lastSequence: Int = try row["last_sequence"]
                let answer = Answer(
                    try await events(of: id, after: 0, upTo: lastSequence, limit: .max, connection))
                return .began(
                    Attempt(
                        number: try row["attempt"], nextSequence: lastSequence + 1, text: answer.text,
                        retrieval: answer.retrieval))
            }
        }
    }

    /// What is to be said of a task that cannot be begun.
    private func end(of id: CorrelationID, _ connection: PostgresConnection) async throws -> AttemptOutcome {
        let rows = try await connection.query("SELECT attempt, last_sequence FROM answer WHERE id = $1", [id.rawValue])
        guard let row = rows.first else { return .unknown }
        let lastSequence: Int = try row["last_sequence"]
        let last = try await events(
            of: id, after: lastSequence - 1, upTo: lastSequence, limit: 1, connection
        ).last
        if let last, last.isTerminal { return .finished(last) }
        let failure = TaskFailure(.notPublished, "The question was rejected.")
        return .finished(
            ReplyEvent(
                correlationID: id, attempt: try row["attempt"], sequence: lastSequence + 1, kind: .failed(failure)))
    }

    public func requestCancellation(_ id: CorrelationID) async throws -> CancellationOutcome {
        let body = try TaskCoding.encode(ReplyEvent.Kind.cancelled)
        return try await PostgresFailure.translating {
            try await store.pool.withTransaction { connection in
                let rows = try await connection.query(
                    "SELECT status FROM answer WHERE id = $1 FOR UPDATE", [id.rawValue])
                guard let row = rows.first else { return .unknown }
                switch TaskStatus(rawValue: try row["status"]) {
                case .queued:
                    // The end is there before a worker begins: whoever is handed the task finds it finished.
                    try await connection.execute(
                        """
                        WITH ended AS (
                            UPDATE answer SET status = 'cancelled', last_sequence = last_sequence + 1, finished_at = $2
                            WHERE id = $1 RETURNING id, created_at, last_sequence, attempt
                        )
                        INSERT INTO event (id, task_created_at, sequence, attempt, kind)
                        SELECT id, created_at, last_sequence, attempt, $3 FROM ended
                        """, [id.rawValue, store.now(), body])
                    return .cancelled
                case .running:
                    try await connection.execute(
                        "UPDATE answer SET is_cancellation_requested = true WHERE id = $1", [id.rawValue])
                    return .requested
                default:
                    return .alreadyFinished
                }
            }
        }
    }

    public func reopen(_ id: CorrelationID) async throws -> Bool {
        try await PostgresFailure.translating {
            try await store.pool.withTransaction { connection in
                let rows = try await connection.query(
                    """
                    SELECT created_at, last_sequence FROM answer WHERE id = $1 AND status = 'failed' FOR UPDATE
                    """, [id.rawValue])
                guard let row = rows.first else { return false }
                let (createdAt, last): (Date, Int32) = (try row["created_at"], try row["last_sequence"])
                try await connection.execute(
                    "DELETE FROM event WHERE id = $1 AND task_created_at = $2 AND sequence = $3",
                    [id.rawValue, createdAt, last])
                try await connection.execute(
                    """
                    UPDATE answer SET status = 'queued', last_sequence = last_sequence - 1, failure = NULL,
                    finished_at = NULL, is_cancellation_requested = false WHERE id = $1
                    """, [id.rawValue])
                return true
            }
        }
    }
}
