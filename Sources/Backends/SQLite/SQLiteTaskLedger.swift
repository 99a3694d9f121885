public import FoundationEssentials
import GRDB
public import Hearth

/// The ledger in SQLite.
public struct SQLiteTaskLedger: TaskLedger {
    let store: SQLiteStore

    public init(_ store: SQLiteStore) { self.store = store }

    public func record(_ task: AnswerTask, deduplicatingWithin window: Double) async throws -> RecordOutcome {
        let body = try TaskCoding.encode(task)
        let earliest = task.createdAt.timeIntervalSince1970 - window
        // Publishing, which is durable, follows in the same file; before that nobody was told that the task is here.
        return try await store.write(isDurable: false) { database in
            if let deduplication = task.deduplication,
                let row = try database.row(
                    """
                    SELECT id, bodyHash FROM answer WHERE deduplicationKey = ? AND createdAt >= ?
                    AND status != 'rejected' ORDER BY createdAt DESC LIMIT 1
                    """, [deduplication.key, earliest]),
                let id = CorrelationID(rawValue: row["id"])
            {
                return row["bodyHash"] == deduplication.bodyHash ? .duplicate(id) : .conflict(id)
            }
            try database.run(
                """
                INSERT INTO answer (id, project, session, status, deduplicationKey, bodyHash, createdAt)
                VALUES (?, ?, ?, 'queued', ?, ?, ?)
                """,
                [
                    task.id.rawValue, task.question.projectID?.rawValue, task.question.sessionID.rawValue,
                    task.deduplication?.key,
                    task.deduplication?.bodyHash, task.createdAt.timeIntervalSince1970,
                ])
            try database.run("INSERT INTO question (id, task) VALUES (?, ?)", [task.id.rawValue, body])
            return .recorded
        }
    }

    public func markPublished(_ id: CorrelationID) async throws {
        let now = store.now().timeIntervalSince1970
        try await store.write(isDurable: false) { database in
            try database.run(
                "UPDATE answer SET publishedAt = ? WHERE id = ? AND publishedAt IS NULL", [now, id.rawValue])
        }
    }

    public func reject(_ id: CorrelationID, failure: TaskFailure) async throws {
        let body = try TaskCoding.encode(failure)
        let now = store.now().timeIntervalSince1970
        try await store.write { database in
            try database.execute(
                sql: """
                    UPDATE answer SET status = 'rejected', failure = ?, finishedAt = ?
                    WHERE id = ? AND status = 'queued' AND publishedAt IS NULL
                    """, arguments: [body, now, id.rawValue])
        }
    }

    public func unpublished(before date: Date, limit: Int) async throws -> [AnswerTask] {
        try await store.read { database in
            try Data.fetchAll(
                database,
                sql: """
                    SELECT task FROM answer JOIN question USING (id)
                    WHERE status = 'queued' AND publishedAt IS NULL AND createdAt < ?
                    ORDER BY createdAt LIMIT ?
                    """, arguments: [date.timeIntervalSince1970, limit]
            ).map { try TaskCoding.decode(AnswerTask.self, from: $0) }
        }
    }

    public func beginAttempt(_ id: CorrelationID) async throws -> AttemptOutcome {
        let now = store.now().timeIntervalSince1970
        // Nobody was promised anything yet: the first event that is told makes the attempt durable with it.
        return try await store.write(isDurable: false) { database in
            guard let row = try database.row("SELECT * FROM answer WHERE id = ?", [id.rawValue]) else {
                return .unknown
            }
            let status = TaskStatus(rawValue: row["status"]) ?? .failed
            let attempt: Int = row["attempt"]
            let lastSequence: Int = row["lastSequence"]
            let events = try Self.events(database, id: id, after: 0, limit: .max)
            if status.isTerminal {
                if let last = events.last, last.isTerminal { return .finished(last) }
                let failure = TaskFailure(.notPublished, "The question was rejected.")
                return .finished(
                    ReplyEvent(correlationID: id, attempt: attempt, sequence: lastSequence + 1, kind: .failed(failure)))
            }
            try database.run(
                "UPDATE answer SET status = 'running', attempt = ?, startedAt = ? WHERE id = ?",
                [attempt + 1, now, id.rawValue])
            let answer = Answer(events)
            return .began(
                Attempt(
                    number: attempt + 1, nextSequence: lastSequence + 1, text: answer.text, retrieval: answer.retrieval)
            )
        }
    }

    public func append(_ events: [ReplyEvent]) async throws -> AppendOutcome {
        let rows = try events.map { ($0, try TaskCoding.encode($0.kind)) }
        let now = store.now().timeIntervalSince1970
        // What somebody reads must be here after a power cut too; which passages were found is found again.
        let isRead = events.contains { if case .retrieved = $0.kind { false } else { true } }
        return try await store.write(isDurable: isRead) { database in
            var isCancellationRequested = false
            for (event, body) in rows {
                switch try Self.append(event, body: body, now: now, database) {
                case .stale: throw StaleAppend()
                case .appended(let requested): isCancellationRequested = requested
                }
            }
            return .appended(isCancellationRequested: isCancellationRequested)
        } stale: {
            .stale
        }
    }

    public func events(of id: CorrelationID, after sequence: Int, limit: Int) async throws -> [ReplyEvent] {
        try await store.read { try Self.events($0, id: id, after: sequence, limit: limit) }
    }

    public func entry(_ id: CorrelationID) async throws -> LedgerEntry? {
        try await store.read { database in
            try database.row("SELECT * FROM answer JOIN question USING (id) WHERE id = ?", [id.rawValue])
                .map(Self.entry)
        }
    }

    public func entries(
        status: TaskStatus?,
        project: ProjectID?,
        before: Date?,
        limit: Int
    ) async throws -> [LedgerEntry] {
        try await store.read { database in
            var conditions: [String] = []
            var arguments = StatementArguments()
            if let status {
                conditions.append("status = ?")
                arguments += [status.rawValue]
            }
            if let project {
                conditions.append("project = ?")
                arguments += [project.rawValue]
            }
            if let before {
                conditions.append("createdAt < ?")
                arguments += [before.timeIntervalSince1970]
            }
            let place = conditions.isEmpty ? "" : "WHERE " + conditions.joined(separator: " AND ")
            return try Row.fetchAll(
                database,
                sql: "SELECT * FROM answer JOIN question USING (id) \(place) ORDER BY createdAt DESC, id DESC LIMIT ?",
                arguments: arguments + [limit]
            ).map(Self.entry)
        }
    }

    public func requestCancellation(_ id: CorrelationID) async throws -> CancellationOutcome {
        let body = try TaskCoding.encode(ReplyEvent.Kind.cancelled)
        let now = store.now().timeIntervalSince1970
        return try await store.write { database in
            guard
                let row = try Row.fetchOne(database, sql: "SELECT * FROM answer WHERE id = ?", arguments: [id.rawValue])
            else { return .unknown }
            switch TaskStatus(rawValue: row["status"]) {
            case .queued:
                // The end is there before a worker begins: whoever is handed the task finds it finished.
                let event = ReplyEvent(
                    correlationID: id, attempt: row["attempt"], sequence: row["lastSequence"] + 1, kind: .cancelled)
                try Self.insert(event, body: body, now: now, database)
                return .cancelled
            case .running:
                try database.execute(
                    sql: "UPDATE answer SET isCancellationRequested = 1 WHERE id = ?", arguments: [id.rawValue])
                return .requested
            default:
                return .alreadyFinished
            }
        }
    }

    public func reopen(_ id: CorrelationID) async throws -> Bool {
        try await store.write { database in
            guard
                let last = try Int.fetchOne(
                    database, sql: "SELECT lastSequence FROM answer WHERE id = ? AND status = 'failed'",
                    arguments: [id.rawValue])
            else { return false }
            try database.execute(
                sql: "DELETE FROM event WHERE id = ? AND sequence = ?", arguments: [id.rawValue, last])
            try database.execute(
                sql: """
                    UPDATE answer SET status = 'queued', lastSequence = ?, failure = NULL, finishedAt = NULL,
                    isCancellationRequested = 0 WHERE id = ?
                    """, arguments: [last - 1, id.rawValue])
            return true
        }
    }

    public func throughput(since date: Date) async throws -> Throughput {
        try await store.read { database in
            let row = try Row.fetchOne(
                database,
                sql: """
                    SELECT count(*) AS finished, avg(finishedAt - startedAt) AS mean FROM answer
                    WHERE finishedAt >= ? AND startedAt IS NOT NULL AND status IN ('completed', 'failed')
                    """, arguments: [date.timeIntervalSince1970])
            return Throughput(finished: row?["finished"] ?? 0, meanServiceSeconds: row?["mean"] ?? 0)
        }
    }
}
