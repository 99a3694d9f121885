import FoundationEssentials
import GRDB
import Hearth

/// Takes a whole append back.
struct StaleAppend: Error {}

extension SQLiteStore {
    func write<Value: Sendable>(
        isDurable: Bool,
        _ body: @escaping @Sendable (Database) throws -> Value,
        stale: () -> Value
    ) async throws -> Value {
        do { return try await write(isDurable: isDurable, body) } catch is StaleAppend { return stale() }
    }
}

extension SQLiteTaskLedger {
    static func append(
        _ event: ReplyEvent,
        body: Data,
        now: Double,
        _ database: Database
    ) throws -> AppendOutcome {
        guard
            let row = try database.row(
                "SELECT status, attempt, lastSequence, isCancellationRequested FROM answer WHERE id = ?",
                [event.correlationID.rawValue])
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

    static func insert(_ event: ReplyEvent, body: Data, now: Double, _ database: Database) throws {
        let id = event.correlationID.rawValue
        try database.run(
            "INSERT INTO event (id, sequence, attempt, kind) VALUES (?, ?, ?, ?)",
            [id, event.sequence, event.attempt, body])
        let ending: (status: TaskStatus, failure: TaskFailure?)? =
            switch event.kind {
            case .completed: (.completed, nil)
            case .failed(let failure): (.failed, failure)
            case .cancelled: (.cancelled, nil)
            case .retrieved, .text, .restarted: nil
            }
        guard let ending else {
            return try database.run("UPDATE answer SET lastSequence = ? WHERE id = ?", [event.sequence, id])
        }
        try database.run(
            "UPDATE answer SET lastSequence = ?, status = ?, failure = ?, finishedAt = ? WHERE id = ?",
            [
                event.sequence, ending.status.rawValue, try ending.failure.map { try TaskCoding.encode($0) }, now, id,
            ])
    }

    static func events(
        _ database: Database,
        id: CorrelationID,
        after sequence: Int,
        limit: Int
    ) throws -> [ReplyEvent] {
        try Row.fetchAll(
            try database.cachedStatement(
                sql: "SELECT * FROM event WHERE id = ? AND sequence > ? ORDER BY sequence LIMIT ?"),
            arguments: [id.rawValue, sequence, limit]
        ).map { row in
            ReplyEvent(
                correlationID: id, attempt: row["attempt"], sequence: row["sequence"],
                kind: try TaskCoding.decode(ReplyEvent.Kind.self, from: row["kind"]))
        }
    }

    static func entry(_ row: Row) throws -> LedgerEntry {
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
