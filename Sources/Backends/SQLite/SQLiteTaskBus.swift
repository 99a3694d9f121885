import FoundationEssentials
import GRDB
public import Hearth
import Logging
import Synchronization

/// A durable queue in SQLite.
///
/// A task that is handed out carries the name of the bus that took it; that bus holds a lock on a file of its own. When
/// its process ends the lock is free, and the task is ready again for whoever looks next. Give up a bus by letting go
/// of it: what it held is handed out again.
public final class SQLiteTaskBus: TaskBus {
    let store: SQLiteStore
    let owner: OwnerLock
    let owners: String
    let wakeUps = WakeUps()
    private let hub = ReplyHub()
    let lastRescue = Mutex(ContinuousClock.now)
    let lastLooks = Mutex<[TaskTopic: ContinuousClock.Instant]>([:])

    /// How soon work of other processes, and tasks that become due, are noticed.
    static let pollInterval = Duration.milliseconds(100)
    /// How often claims of dead processes are looked for while somebody claims.
    static let rescueInterval = Duration.seconds(1)

    /// Takes back what dead processes held.
    ///
    /// - Throws: ``StoreError``.
    public init(_ store: SQLiteStore) throws {
        self.store = store
        owners = store.directory + "/owners"
        try SQLiteStore.makeDirectory(owners)
        owner = try OwnerLock(directory: owners)
        let owners = owners
        try SQLiteFailure.translating(path: store.pool.path) {
            let dead = try store.pool.read { try Self.deadOwners($0, in: owners) }
            if !dead.isEmpty { try store.pool.write { try Self.release(dead, $0) } }
        }
        OwnerLock.removeStale(in: owners)
    }

    public func publish(_ messages: [TaskMessage]) async throws {
        let now = store.now()
        let rows = try messages.map { message in
            (message, String(decoding: try TaskCoding.encode(message.properties), as: UTF8.self))
        }
        try await writing { database in
            let statement = try database.cachedStatement(
                sql: """
                    INSERT INTO task (id, topic, priority, orderingKey, notBefore, expiresAt, properties, payload, publishedAt)
                    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (topic, id) DO NOTHING
                    """)
            for (message, properties) in rows {
                try statement.execute(arguments: [
                    message.id, message.topic.rawValue, message.priority.rawValue, message.orderingKey,
                    message.notBefore?.timeIntervalSince1970, message.expiresAt?.timeIntervalSince1970, properties,
                    message.payload, now.timeIntervalSince1970,
                ])
            }
        }
        for topic in TaskTopic.allCases {
            let count = messages.count { $0.topic == topic }
            if count > 0 { wakeUps.wake(count, on: topic) }
        }
    }

    public func claim(_ topic: TaskTopic) async throws -> TaskDelivery {
        // Most who come find nothing: they look before they take the lock that writing needs.
        var signal = WakeUps.Signal.missed
        // As of the last look: what came since is worth another.
        var count = wakeUps.count(on: topic)
        while true {
            if Task.isCancelled {
                // Whoever woke this one may have meant it for a task that is still there.
                wakeUps.wake(1, on: topic)
                throw CancellationError()
            }
            try await rescueIfDue()
            if signal != .timeOver || isLookDue(on: topic) {
                count = wakeUps.count(on: topic)
                let hasWork = signal == .woken ? true : try await hasReady(topic)
                if hasWork, let delivery = try await take(topic) {
                    // Nobody was woken for what a look has found; if there is more of it, the next one shall look too.
                    if signal != .woken { wakeUps.wake(1, on: topic) }
                    return delivery
                }
            }
            signal = await wakeUps.sleep(on: topic, after: count, atMost: Self.pollInterval)
        }
    }

    public func settle(_ delivery: TaskDelivery, as verdict: TaskVerdict) async throws {
        let now = store.now().timeIntervalSince1970
        let key: StatementArguments = [delivery.message.topic.rawValue, delivery.message.id, delivery.receipt]
        let place = "WHERE topic = ? AND id = ? AND receipt = ? AND owner IS NOT NULL"
        try await writing(isDurable: false) { database in
            switch verdict {
            case .done:
                try database.run("DELETE FROM task \(place)", key)
            case .retry(let delay, _):
                try database.run(
                    "UPDATE task SET owner = NULL, receipt = NULL, notBefore = ? \(place)",
                    [now + delay / .seconds(1)] + key)
            case .deadLetter(let reason):
                try database.run(
                    "UPDATE task SET owner = NULL, receipt = NULL, diedAt = ?, deadReason = ? \(place)",
                    [now, reason] + key)
            case .abandoned:
                try database.run(
                    "UPDATE task SET owner = NULL, receipt = NULL, deliveryCount = deliveryCount - 1 \(place)", key)
            }
        }
        // At most one has become ready: this one, or the next of its key.
        wakeUps.wake(1, on: delivery.message.topic)
    }

    public func cancel(_ id: String, on topic: TaskTopic) async throws -> Bool {
        let isCancelled = try await writing { database in
            try database.execute(
                sql: "DELETE FROM task WHERE topic = ? AND id = ? AND owner IS NULL AND diedAt IS NULL",
                arguments: [topic.rawValue, id])
            return database.changesCount > 0
        }
        wakeUps.wake(1, on: topic)
        return isCancelled
    }

    public func backlog(of topic: TaskTopic) async throws -> TaskBacklog {
        let now = store.now().timeIntervalSince1970
        return try await reading { database in
            let row = try Row.fetchOne(
                database,
                sql: """
                    SELECT (SELECT count(*) FROM task WHERE topic = :topic AND owner IS NULL AND diedAt IS NULL) AS open,
                           (SELECT count(*) FROM task WHERE topic = :topic AND owner IS NOT NULL) AS held,
                           (SELECT count(*) FROM task WHERE topic = :topic AND diedAt IS NOT NULL) AS dead
                    """, arguments: ["topic": topic.rawValue])
            let ready = try Row.fetchOne(
                database,
                sql: "SELECT count(*) AS count, min(publishedAt) AS oldest FROM task AS t WHERE \(Self.isReady)",
                arguments: [topic.rawValue, now])
            let readyCount: Int = ready?["count"] ?? 0
            let oldest: Double? = ready?["oldest"]
            let open: Int = row?["open"] ?? 0
            return TaskBacklog(
                ready: readyCount, waiting: open - readyCount, inFlight: row?["held"] ?? 0,
                deadLetters: row?["dead"] ?? 0,
                oldestReadyAge: oldest.map { max(0, now - $0) } ?? 0)
        }
    }

    public func deadLetters(on topic: TaskTopic, limit: Int) async throws -> [DeadLetter] {
        try await reading { database in
            try Row.fetchAll(
                database,
                sql:
                    "SELECT * FROM task WHERE topic = ? AND diedAt IS NOT NULL ORDER BY diedAt DESC, position DESC LIMIT ?",
                arguments: [topic.rawValue, limit]
            ).map { row in
                DeadLetter(
                    message: try Self.message(row, topic: topic), reason: row["deadReason"] ?? "",
                    deliveryCount: row["deliveryCount"], diedAt: Date(timeIntervalSince1970: row["diedAt"]))
            }
        }
    }

    public func replay(_ id: String, on topic: TaskTopic) async throws -> Bool {
        let isReplayed = try await writing { database in
            try database.execute(
                sql: """
                    UPDATE task SET diedAt = NULL, deadReason = NULL, deliveryCount = 0, notBefore = NULL, expiresAt = NULL
                    WHERE topic = ? AND id = ? AND diedAt IS NOT NULL
                    """, arguments: [topic.rawValue, id])
            return database.changesCount > 0
        }
        wakeUps.wake(1, on: topic)
        return isReplayed
    }

    public func send(_ events: [ReplyEvent], to gateway: GatewayID) async { hub.send(events, to: gateway) }

    public func replies(to gateway: GatewayID) async throws -> any AsyncSequence<ReplyEvent, Never> & Sendable {
        hub.replies(to: gateway)
    }
}

extension TaskBusError {
    /// The same failure in the words of the bus.
    init(store error: StoreError) {
        let code: Code =
            switch error.code {
            case .full: .full
            case .corrupt: .corrupt
            case .closed: .closed
            case .invalid, .tooLarge: .invalid
            default: .unreachable
            }
        self.init(code, error.message, underlying: error.underlying)
    }
}
