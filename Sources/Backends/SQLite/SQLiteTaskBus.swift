import FoundationEssentials
import GRDB
public import Hearth

/// A durable queue in SQLite.
///
/// A task that is handed out carries the name of the bus that took it; that bus holds a lock on a file of its own. When
/// its process ends the lock is free, and the task is ready again for whoever looks next.
public final class SQLiteTaskBus: TaskBus {
    private let store: SQLiteStore
    private let owner: OwnerLock
    private let owners: String
    private let wakeUps = WakeUps()
    private let hub = ReplyHub()

    /// How soon work of other processes, and tasks that become due, are noticed.
    private let pollInterval = Duration.milliseconds(100)
    /// How often claims of dead processes are looked for while somebody waits.
    private let rescueInterval = 10

    /// Takes back what dead processes held.
    public init(_ store: SQLiteStore) throws {
        self.store = store
        owners = store.directory + "/owners"
        owner = try OwnerLock(directory: owners)
        let owners = owners
        try SQLiteFailure.translating(path: store.pool.path) {
            try store.pool.write { try Self.rescue($0, owners: owners) }
        }
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
        wakeUps.wake()
    }

    public func claim(_ topic: TaskTopic) async throws -> TaskDelivery {
        var looks = 0
        while true {
            try Task.checkCancellation()
            let count = wakeUps.count
            if try await hasReady(topic), let delivery = try await take(topic) { return delivery }
            await wakeUps.sleep(after: count, atMost: pollInterval)
            looks += 1
            if looks.isMultiple(of: rescueInterval) {
                let owners = owners
                try await writing { try Self.rescue($0, owners: owners) }
            }
        }
    }

    public func settle(_ delivery: TaskDelivery, as verdict: TaskVerdict) async throws {
        let now = store.now().timeIntervalSince1970
        let key: StatementArguments = [delivery.message.topic.rawValue, delivery.message.id, delivery.receipt]
        let place = "WHERE topic = ? AND id = ? AND receipt = ? AND owner IS NOT NULL"
        try await writing { database in
            switch verdict {
            case .done:
                try database.execute(sql: "DELETE FROM task \(place)", arguments: key)
            case .retry(let delay, _):
                try database.execute(
                    sql: "UPDATE task SET owner = NULL, receipt = NULL, notBefore = ? \(place)",
                    arguments: [now + delay / .seconds(1)] + key)
            case .deadLetter(let reason):
                try database.execute(
                    sql: "UPDATE task SET owner = NULL, receipt = NULL, diedAt = ?, deadReason = ? \(place)",
                    arguments: [now, reason] + key)
            case .abandoned:
                try database.execute(
                    sql: "UPDATE task SET owner = NULL, receipt = NULL, deliveryCount = deliveryCount - 1 \(place)",
                    arguments: key)
            }
        }
        wakeUps.wake()
    }

    public func cancel(_ id: String, on topic: TaskTopic) async throws -> Bool {
        let isCancelled = try await writing { database in
            try database.execute(
                sql: "DELETE FROM task WHERE topic = ? AND id = ? AND owner IS NULL AND diedAt IS NULL",
                arguments: [topic.rawValue, id])
            return database.changesCount > 0
        }
        wakeUps.wake()
        return isCancelled
    }

    public func backlog(of topic: TaskTopic) async throws -> TaskBacklog {
        let now = store.now().timeIntervalSince1970
        return try await reading { database in
            let row = try Row.fetchOne(
                database,
                sql: """
                    SELECT count(*) FILTER (WHERE diedAt IS NULL AND owner IS NULL) AS open,
                           count(*) FILTER (WHERE owner IS NOT NULL) AS held,
                           count(*) FILTER (WHERE diedAt IS NOT NULL) AS dead
                    FROM task WHERE topic = ?
                    """, arguments: [topic.rawValue])
            let ready = try Row.fetchOne(
                database, sql: "SELECT count(*) AS count, min(publishedAt) AS oldest FROM task AS t WHERE \(Self.isReady)",
                arguments: [topic.rawValue, now])
            let readyCount: Int = ready?["count"] ?? 0
            let oldest: Double? = ready?["oldest"]
            let open: Int = row?["open"] ?? 0
            return TaskBacklog(
                ready: readyCount, waiting: open - readyCount, inFlight: row?["held"] ?? 0, deadLetters: row?["dead"] ?? 0,
                oldestReadyAge: oldest.map { max(0, now - $0) } ?? 0)
        }
    }

    public func deadLetters(on topic: TaskTopic, limit: Int) async throws -> [DeadLetter] {
        try await reading { database in
            try Row.fetchAll(
                database, sql: "SELECT * FROM task WHERE topic = ? AND diedAt IS NOT NULL ORDER BY diedAt DESC, position DESC LIMIT ?",
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
        wakeUps.wake()
        return isReplayed
    }

    public func send(_ events: [ReplyEvent], to gateway: GatewayID) async { hub.send(events, to: gateway) }

    public func replies(to gateway: GatewayID) async throws -> any AsyncSequence<ReplyEvent, Never> & Sendable {
        hub.replies(to: gateway)
    }
}

extension SQLiteTaskBus {
    /// Takes `topic` and the time. A task whose key another one has that was published before waits for it.
    private static let isReady = """
        t.topic = ? AND t.owner IS NULL AND t.diedAt IS NULL AND (t.notBefore IS NULL OR t.notBefore <= ?)
        AND (t.orderingKey IS NULL OR NOT EXISTS (
            SELECT 1 FROM task AS e WHERE e.topic = t.topic AND e.orderingKey = t.orderingKey
            AND e.diedAt IS NULL AND e.position < t.position))
        """

    /// A look without the lock that writing takes: idle workers cost nothing.
    private func hasReady(_ topic: TaskTopic) async throws -> Bool {
        let now = store.now().timeIntervalSince1970
        return try await reading { database in
            try Bool.fetchOne(
                database, sql: "SELECT EXISTS (SELECT 1 FROM task AS t WHERE \(Self.isReady))",
                arguments: [topic.rawValue, now]) ?? false
        }
    }

    private func take(_ topic: TaskTopic) async throws -> TaskDelivery? {
        let now = store.now()
        let owner = owner.id
        let receipt = GatewayID.unique().rawValue
        return try await writing { database in
            let time = now.timeIntervalSince1970
            guard
                let row = try Row.fetchOne(
                    database, sql: "SELECT * FROM task AS t WHERE \(Self.isReady) ORDER BY priority DESC, position LIMIT 1",
                    arguments: [topic.rawValue, time])
            else { return nil }
            let position: Int64 = row["position"]
            try database.execute(
                sql: "UPDATE task SET owner = ?, receipt = ?, deliveryCount = deliveryCount + 1 WHERE position = ?",
                arguments: [owner, receipt, position])
            let expiresAt: Double? = row["expiresAt"]
            let deliveries: Int = row["deliveryCount"]
            return TaskDelivery(
                message: try Self.message(row, topic: topic), receipt: receipt, deliveryCount: deliveries + 1,
                publishedAt: Date(timeIntervalSince1970: row["publishedAt"]),
                isExpired: expiresAt.map { $0 <= time } ?? false)
        }
    }

    private static func message(_ row: Row, topic: TaskTopic) throws -> TaskMessage {
        let properties: String = row["properties"]
        let notBefore: Double? = row["notBefore"]
        let expiresAt: Double? = row["expiresAt"]
        return TaskMessage(
            id: row["id"], topic: topic, priority: TaskPriority(rawValue: row["priority"]) ?? .batch,
            orderingKey: row["orderingKey"], notBefore: notBefore.map { Date(timeIntervalSince1970: $0) },
            expiresAt: expiresAt.map { Date(timeIntervalSince1970: $0) },
            properties: try TaskCoding.decode([String: String].self, from: Data(properties.utf8)), payload: row["payload"])
    }

    /// Makes ready again what dead processes held.
    private static func rescue(_ database: Database, owners: String) throws {
        let holding = try String.fetchAll(database, sql: "SELECT DISTINCT owner FROM task WHERE owner IS NOT NULL")
        for owner in holding where OwnerLock.isDead(owner, in: owners) {
            try database.execute(
                sql: "UPDATE task SET owner = NULL, receipt = NULL WHERE owner = ?", arguments: [owner])
        }
    }

    private func writing<Value: Sendable>(_ body: @escaping @Sendable (Database) throws -> Value) async throws -> Value {
        do { return try await store.write(body) } catch let error as StoreError { throw TaskBusError(store: error) }
    }

    private func reading<Value: Sendable>(_ body: @escaping @Sendable (Database) throws -> Value) async throws -> Value {
        do { return try await store.read(body) } catch let error as StoreError { throw TaskBusError(store: error) }
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
