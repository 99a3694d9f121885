import FoundationEssentials
import GRDB
import Hearth
import Logging
import Synchronization

extension SQLiteTaskBus {
    /// Takes `topic` and the time. A task whose key another one has that was published before waits for it.
    static let isReady = """
        t.topic = ? AND t.owner IS NULL AND t.diedAt IS NULL AND (t.notBefore IS NULL OR t.notBefore <= ?)
        AND (t.orderingKey IS NULL OR NOT EXISTS (
            SELECT 1 FROM task AS e WHERE e.topic = t.topic AND e.orderingKey = t.orderingKey
            AND e.diedAt IS NULL AND e.position < t.position))
        """

    /// Whether it is time that somebody looks. One looks on behalf of all who wait.
    func isLookDue(on topic: TaskTopic) -> Bool {
        lastLooks.withLock { last in
            if let look = last[topic], look.duration(to: .now) < Self.pollInterval { return false }
            last[topic] = .now
            return true
        }
    }

    /// A look without the lock that writing takes: idle workers cost nothing.
    func hasReady(_ topic: TaskTopic) async throws -> Bool {
        let now = store.now().timeIntervalSince1970
        return try await reading { database in
            try database.row("SELECT 1 FROM task AS t WHERE \(Self.isReady) LIMIT 1", [topic.rawValue, now]) != nil
        }
    }

    func take(_ topic: TaskTopic) async throws -> TaskDelivery? {
        let now = store.now()
        let owner = owner.id
        let receipt = GatewayID.unique().rawValue
        return try await writing(isDurable: false) { database in
            let time = now.timeIntervalSince1970
            guard
                let row = try database.row(
                    "SELECT * FROM task AS t WHERE \(Self.isReady) ORDER BY priority DESC, position LIMIT 1",
                    [topic.rawValue, time])
            else { return nil }
            let position: Int64 = row["position"]
            try database.run(
                "UPDATE task SET owner = ?, receipt = ?, deliveryCount = deliveryCount + 1 WHERE position = ?",
                [owner, receipt, position])
            let expiresAt: Double? = row["expiresAt"]
            let deliveries: Int = row["deliveryCount"]
            return TaskDelivery(
                message: try Self.message(row, topic: topic), receipt: receipt, deliveryCount: deliveries + 1,
                publishedAt: Date(timeIntervalSince1970: row["publishedAt"]),
                isExpired: expiresAt.map { $0 <= time } ?? false)
        }
    }

    static func message(_ row: Row, topic: TaskTopic) throws -> TaskMessage {
        let properties: String = row["properties"]
        let notBefore: Double? = row["notBefore"]
        let expiresAt: Double? = row["expiresAt"]
        return TaskMessage(
            id: row["id"], topic: topic, priority: TaskPriority(rawValue: row["priority"]) ?? .batch,
            orderingKey: row["orderingKey"], notBefore: notBefore.map { Date(timeIntervalSince1970: $0) },
            expiresAt: expiresAt.map { Date(timeIntervalSince1970: $0) },
            properties: try TaskCoding.decode([String: String].self, from: Data(properties.utf8)),
            payload: row["payload"])
    }

    /// Makes ready again what dead processes held. Whoever is first looks on behalf of all who claim.
    func rescueIfDue() async throws {
        let isDue = lastRescue.withLock { last in
            guard last.duration(to: .now) >= Self.rescueInterval else { return false }
            last = .now
            return true
        }
        guard isDue else { return }
        let owners = owners
        let dead = try await reading { try Self.deadOwners($0, in: owners) }
        guard !dead.isEmpty else { return }
        try await writing(isDurable: false) { try Self.release(dead, $0) }
        store.logger.notice("took back the tasks of dead processes", metadata: ["owners": "\(dead.count)"])
        for topic in TaskTopic.allCases { wakeUps.wake(.max, on: topic) }
    }

    static func deadOwners(_ database: Database, in owners: String) throws -> [String] {
        try String.fetchAll(database, sql: "SELECT DISTINCT owner FROM task WHERE owner IS NOT NULL")
            .filter { OwnerLock.isDead($0, in: owners) }
    }

    static func release(_ dead: [String], _ database: Database) throws {
        for owner in dead {
            try database.execute(
                sql: "UPDATE task SET owner = NULL, receipt = NULL WHERE owner = ?", arguments: [owner])
        }
    }

    /// - Parameter isDurable: `false` for claims and verdicts: what a power cut takes back of them is done again, and the
    ///   ledger knows what was finished.
    func writing<Value: Sendable>(
        isDurable: Bool = true,
        _ body: @escaping @Sendable (Database) throws -> Value
    ) async throws -> Value {
        do { return try await store.write(isDurable: isDurable, body) } catch let error as StoreError {
            throw TaskBusError(store: error)
        }
    }

    func reading<Value: Sendable>(_ body: @escaping @Sendable (Database) throws -> Value) async throws -> Value {
        do { return try await store.read(body) } catch let error as StoreError { throw TaskBusError(store: error) }
    }
}
