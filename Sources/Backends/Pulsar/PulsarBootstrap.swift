import Hearth
public import PulsarAdmin

/// What the bus needs of a Pulsar cluster, each thing with a look whether it is there and a way to make it.
public struct PulsarBootstrap: Sendable {
    /// One thing that has to be there.
    public struct Step: Sendable {
        public let name: String
        /// Whether it is there. Throws ``PulsarAdminError``.
        public let isDone: @Sendable () async throws -> Bool
        /// Makes it. Throws ``PulsarAdminError``.
        public let perform: @Sendable () async throws -> Void
    }

    /// Acknowledged messages are kept for a week: time enough for every journal to be compacted, and to look back.
    static let retention = PulsarAdmin.Retention(minutes: 7 * 24 * 60, megabytes: -1)
    /// A journal is compacted when so much of it is new.
    static let compactionThreshold = 16 << 20

    private let names: PulsarTopicNames
    private let admin: PulsarAdmin

    public init(names: PulsarTopicNames, admin: PulsarAdmin) {
        self.names = names
        self.admin = admin
    }

    /// In the order in which they need each other. Doing them again changes nothing.
    public var steps: [Step] {
        let (tenant, namespace) = (names.tenant, names.namespace)
        var steps = [
            step("tenant \(tenant)") {
                try await admin.hasTenant(tenant)
            } perform: {
                try await admin.createTenant(tenant, clusters: try await admin.clusters())
            },
            step("namespace \(tenant)/\(namespace)") {
                try await admin.hasNamespace(namespace, of: tenant)
            } perform: {
                try await admin.createNamespace(namespace, of: tenant)
            },
            step("retention of a week") {
                try await admin.retention(of: namespace, of: tenant).map(Self.isEnough) ?? false
            } perform: {
                try await admin.setRetention(Self.retention, of: namespace, of: tenant)
            },
            step("compaction of journals") {
                (try await admin.compactionThreshold(of: namespace, of: tenant) ?? 0) > 0
            } perform: {
                try await admin.setCompactionThreshold(Self.compactionThreshold, of: namespace, of: tenant)
            },
        ]
        steps += (names.journals + names.queues).map(topic)
        steps += names.queues.map { queue in
            step("subscription \(PulsarTopicNames.subscription) of \(queue)") {
                try await admin.subscriptions(of: queue).contains(PulsarTopicNames.subscription)
            } perform: {
                try await admin.createSubscription(PulsarTopicNames.subscription, of: queue)
            }
        }
        return steps
    }

    private func topic(_ topic: String) -> Step {
        step("topic \(topic)") {
            if try await admin.topics(of: names.namespace, of: names.tenant).contains(topic) { return true }
            // A queue may have partitions; a journal must not, for its order is what everybody agrees on.
            let partitions = try await admin.partitions(of: topic)
            if partitions > 0, names.journals.contains(topic) {
                throw PulsarAdminError(
                    .conflict,
                    "\(topic) has \(partitions) partitions; a journal must have none. Delete it and try again.")
            }
            return partitions > 0
        } perform: {
            try await admin.createTopic(topic)
        }
    }

    private func step(
        _ name: String,
        isDone: @escaping @Sendable () async throws -> Bool,
        perform: @escaping @Sendable () async throws -> Void
    ) -> Step {
        // Of a namespace that is not there, nothing is.
        let isDone = { @Sendable () async throws -> Bool in
            do { return try await isDone() } catch let error as PulsarAdminError where error.code == .notFound {
                return false
            }
        }
        return Step(name: name, isDone: isDone) {
            do { try await perform() } catch let error as PulsarAdminError where error.code == .conflict {
                // Somebody else was quicker.
                guard try await isDone() else { throw error }
            }
        }
    }

    private static func isEnough(_ retention: PulsarAdmin.Retention) -> Bool {
        func covers(_ value: Int, _ wanted: Int) -> Bool { value < 0 || (wanted >= 0 && value >= wanted) }
        return covers(retention.minutes, Self.retention.minutes)
            && covers(retention.megabytes, Self.retention.megabytes)
    }
}
