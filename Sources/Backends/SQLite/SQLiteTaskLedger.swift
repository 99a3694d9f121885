public import FoundationEssentials
import GRDB
public import Hearth

/// The ledger in SQLite.
public struct SQLiteTaskLedger: TaskLedger {
    private let store: SQLiteStore

    public init(_ store: SQLiteStore) { self.store = store }

    public func record(_ task: AnswerTask, deduplicatingWithin window: Double) async throws -> RecordOutcome {
        let body = try TaskCoding.encode(task)
        let earliest = task.createdAt.timeIntervalSince1970 - window
        return try await store.write { database in
            if let deduplication = task.deduplication,
                let row = try Row.fetchOne(
                    database,
                    sql: """
                        SELECT id, bodyHash FROM answer WHERE deduplicationKey = ? AND createdAt >= ?
                        AND status != 'rejected' ORDER BY createdAt DESC LIMIT 1
                        """, arguments: [deduplication.key, earliest]),
                let id = CorrelationID(rawValue: row["id"])
            {
                return row["bodyHash"] == deduplication.bodyHash ? .duplicate(id) : .conflict(id)
            }
            try database.execute(
                sql: """
                    INSERT INTO answer (id, task, project, status, deduplicationKey, bodyHash, createdAt)
                    VALUES (?, ?, ?, 'queued', ?, ?, ?)
                    """,
                arguments: [
                    task.id.rawValue, body, task.question.projectID?.rawValue, task.deduplication?.key,
                    task.deduplication?.bodyHash, task.createdAt.timeIntervalSince1970,
                ])
            return .recorded
        }
    }

    public func markPublished(_ id: CorrelationID) async throws {
        let now = store.now().timeIntervalSince1970
        try await store.write { database in
            try database.execute(
                sql: "UPDATE answer SET publishedAt = ? WHERE id = ? AND publishedAt IS NULL", arguments: [now, id.rawValue])
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
                    SELECT task FROM answer WHERE status = 'queued' AND publishedAt IS NULL AND createdAt < ?
                    ORDER BY createdAt LIMIT ?
                    """, arguments: [date.timeIntervalSince1970, limit]
            ).map { try TaskCoding.decode(AnswerTask.self, from: $0) }
        }
    }

    public func beginAttempt(_ id: CorrelationID) async throws -> AttemptOutcome {
        let now = store.now().timeIntervalSince1970
        return try await store.write { database in
            guard let row = try Row.fetchOne(database, sql: "SELECT * FROM answer WHERE id = ?", arguments: [id.rawValue])
            else { return .unknown }
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
            try database.execute(
                sql: "UPDATE answer SET status = 'running', attempt = ?, startedAt = ? WHERE id = ?",
                arguments: [attempt + 1, now, id.rawValue])
            let answer = Answer(events)
            return .began(
                Attempt(
                    number: attempt + 1, nextSequence: lastSequence + 1, text: answer.text, retrieval: answer.retrieval))
        }
    }

    public func append(_ events: [ReplyEvent]) async throws -> AppendOutcome {
        let rows = try events.map { ($0, try TaskCoding.encode($0.kind)) }
        let now = store.now().timeIntervalSince1970
        return try await store.write { database in
            var isCancellationRequested = false
            for (event, body) in rows {
                switch try Self.append(event, body: body, now: now, database) {
                case .stale: throw Stale()
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
            try Row.fetchOne(database, sql: "SELECT * FROM answer WHERE id = ?", arguments: [id.rawValue]).map(Self.entry)
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
                database, sql: "SELECT * FROM answer \(place) ORDER BY createdAt DESC, id DESC LIMIT ?",
                arguments: arguments + [limit]
            ).map(Self.entry)
        }
    }

    public func requestCancellation(_ id: CorrelationID) async throws -> CancellationOutcome {
        let body = try TaskCoding.encode(ReplyEvent.Kind.cancelled)
        let now = store.now().timeIntervalSince1970
        return try await store.write { database in
            guard let row = try Row.fetchOne(database, sql: "SELECT * FROM answer WHERE id = ?", arguments: [id.rawValue])
            else { return .unknown }
            switch TaskStatus(rawValue: row["status"]) {
            case .queued:
                // Taking the attempt fences a worker that is about to begin.
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
            try database.execute(sql: "DELETE FROM event WHERE id = ? AND sequence = ?", arguments: [id.rawValue, last])
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

/// Takes a whole append back.
private struct Stale: Error {}

extension SQLiteStore {
    fileprivate func write<Value: Sendable>(
        _ body: @escaping @Sendable (Database) throws -> Value,
        stale: () -> Value
    ) async throws -> Value {
        do { return try await write(body) } catch is Stale { return stale() }
    }
}

extension SQLiteTaskLedger {
    private static func append(
        _ event: ReplyEvent,
        body: Data,
        now: Double,
        _ database: Database
    ) throws -> AppendOutcome {
        guard
            let row = try Row.fetchOne(
                database, sql: "SELECT status, attempt, lastSequence, isCancellationRequested FROM answer WHERE id = ?",
                arguments: [event.correlationID.rawValue])
        else { throw StoreError(.notFound, "The ledger does not know \(event.correlationID).") }
        let lastSequence: Int = row["lastSequence"]
        guard row["attempt"] == event.attempt else { return .stale }
        if event.sequence <= lastSequence {
            let isKnown = try Bool.fetchOne(
                database, sql: "SELECT attempt = ? FROM event WHERE id = ? AND sequence = ?",
                arguments: [event.attempt, event.correlationID.rawValue, event.sequence])
            guard isKnown == true else { return .stale }
            return .appended(isCancellationRequested: row["isCancellationRequested"])
        }
        guard TaskStatus(rawValue: row["status"]) == .running else { return .stale }
        guard event.sequence == lastSequence + 1 else {
            throw StoreError(
                .conflict, "Event \(event.sequence) of \(event.correlationID) does not follow \(lastSequence).")
        }
        try insert(event, body: body, now: now, database)
        return .appended(isCancellationRequested: row["isCancellationRequested"])
    }

    private static func insert(_ event: ReplyEvent, body: Data, now: Double, _ database: Database) throws {
        let id = event.correlationID.rawValue
        try database.cachedStatement(sql: "INSERT INTO event (id, sequence, attempt, kind) VALUES (?, ?, ?, ?)")
            .execute(arguments: [id, event.sequence, event.attempt, body])
        let ending: (status: TaskStatus, failure: TaskFailure?)? =
            switch event.kind {
            case .completed: (.completed, nil)
            case .failed(let failure): (.failed, failure)
            case .cancelled: (.cancelled, nil)
            case .retrieved, .text, .restarted: nil
            }
        guard let ending else {
            return try database.cachedStatement(sql: "UPDATE answer SET lastSequence = ? WHERE id = ?")
                .execute(arguments: [event.sequence, id])
        }
        try database.execute(
            sql: "UPDATE answer SET lastSequence = ?, status = ?, failure = ?, finishedAt = ? WHERE id = ?",
            arguments: [
                event.sequence, ending.status.rawValue, try ending.failure.map { try TaskCoding.encode($0) }, now, id,
            ])
    }

    private static func events(
        _ database: Database,
        id: CorrelationID,
        after sequence: Int,
        limit: Int
    ) throws -> [ReplyEvent] {
        try Row.fetchAll(
            database, sql: "SELECT * FROM event WHERE id = ? AND sequence > ? ORDER BY sequence LIMIT ?",
            arguments: [id.rawValue, sequence, limit]
        ).map { row in
            ReplyEvent(
                correlationID: id, attempt: row["attempt"], sequence: row["sequence"],
                kind: try TaskCoding.decode(ReplyEvent.Kind.self, from: row["kind"]))
        }
    }

    private static func entry(_ row: Row) throws -> LedgerEntry {
        func date(_ column: String) -> Date? {
            let seconds: Double? = row[column]
            return seconds.map { Date(timeIntervalSince1970: $0) }
        }
        let failure: Data? = row["failure"]
        return LedgerEntry(
            task: try TaskCoding.decode(AnswerTask.self, from: row["task"]),
            status: TaskStatus(rawValue: row["status"]) ?? .failed, attempt: row["attempt"],
            lastSequence: row["lastSequence"], isCancellationRequested: row["isCancellationRequested"],
            publishedAt: date("publishedAt"), startedAt: date("startedAt"), finishedAt: date("finishedAt"),
            failure: try failure.map { try TaskCoding.decode(TaskFailure.self, from: $0) })
    }
}
