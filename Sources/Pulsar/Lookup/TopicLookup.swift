import Logging
import Synchronization

/// Finds out which broker serves a topic, and how many partitions it has.
final class TopicLookup: Sendable {
    /// As in the official clients: a cluster that sends us round longer than this is misconfigured.
    private static let maximumRedirects = 20

    private let service: ServiceURL
    private let listener: String?
    private let pool: ConnectionPool
    private let timeout: Duration
    /// Which of the service's addresses is asked next: one that does not answer gives way to the following.
    private let next = Mutex(0)

    init(_ service: ServiceURL, listener: String?, pool: ConnectionPool, timeout: Duration) {
        self.service = service
        self.listener = listener
        self.pool = pool
        self.timeout = timeout
    }

    /// A connection to the broker that serves `topic`.
    ///
    /// - Parameter assigned: where the broker that gave the topic away said that it went; if nobody answers there, it is
    ///   looked up.
    /// - Throws: ``PulsarError``; `CancellationError`.
    func connection(serving topic: TopicName, assigned: String?) async throws -> Connection {
        if let assigned, let moved = try? await connection(assigned: assigned) { return moved }
        try Task.checkCancellation()
        var (connection, address) = try await serviceConnection()
        var authoritative = false
        for _ in 0...Self.maximumRedirects {
            let response = try await lookUp(topic, authoritative, on: connection)
            let broker = try self.address(in: response)
            let proxied = response.proxyThroughServiceURL
            connection = try await pool.connection(
                ConnectionPool.Key(
                    physical: proxied ? address : broker, proxiedTo: proxied ? broker.description : nil))
            if response.response == .connect { return connection }
            if !proxied { address = broker }
            authoritative = response.authoritative
        }
        throw PulsarError(
            .lookupFailed, "The cluster redirected the lookup of \(topic) \(Self.maximumRedirects) times.")
    }

    private func connection(assigned url: String) async throws -> Connection {
        guard let address = try ServiceURL(url).addresses.first else {
            throw PulsarError(.lookupFailed, "The broker named no address.")
        }
        return try await pool.connection(ConnectionPool.Key(physical: address, proxiedTo: nil))
    }

    /// - Returns: 0 for a topic without partitions.
    /// - Throws: ``PulsarError``; `CancellationError`.
    func partitions(of topic: TopicName) async throws -> Int {
        let (connection, _) = try await serviceConnection()
        let reply = try await connection.request(.partitions, timeout: timeout) { id in
            var command = WirePartitionedMetadata()
            command.topic = topic.description
            command.requestID = id
            return .partitionedMetadata(command)
        }
        guard case .partitions(let count) = reply else { throw Self.unexpected }
        return count
    }

    /// The topics of a namespace (`tenant/namespace`), partitions each on its own.
    ///
    /// - Throws: ``PulsarError``; `CancellationError`.
    func topics(in namespace: String, mode: WireGetTopicsOfNamespace.Mode) async throws -> [String] {
        let (connection, _) = try await serviceConnection()
        let reply = try await connection.request(.topics, timeout: timeout) { id in
            var command = WireGetTopicsOfNamespace()
            command.requestID = id
            command.namespace = namespace
            command.mode = mode
            return .getTopicsOfNamespace(command)
        }
        guard case .topics(let topics) = reply else { throw Self.unexpected }
        return topics
    }

    /// Reaches the cluster.
    ///
    /// - Throws: ``PulsarError``; `CancellationError`.
    func connect() async throws { _ = try await serviceConnection() }

    private func serviceConnection() async throws -> (Connection, ServiceURL.Address) {
        let index = next.withLock { $0 }
        let address = service.addresses[index % service.addresses.count]
        do {
            return (try await pool.connection(ConnectionPool.Key(physical: address, proxiedTo: nil)), address)
        } catch {
            next.withLock { if $0 == index { $0 = (index + 1) % service.addresses.count } }
            throw error
        }
    }

    private func lookUp(
        _ topic: TopicName,
        _ authoritative: Bool,
        on connection: Connection
    ) async throws -> WireLookupResponse {
        let listener = listener
        let reply = try await connection.request(.lookup, timeout: timeout) { id in
            var command = WireLookup()
            command.topic = topic.description
            command.requestID = id
            command.authoritative = authoritative
            if let listener { command.advertisedListenerName = listener }
            return .lookup(command)
        }
        guard case .lookup(let response) = reply else { throw Self.unexpected }
        return response
    }

    private func address(in response: WireLookupResponse) throws -> ServiceURL.Address {
        let url = service.usesTLS ? response.brokerServiceURLTls : response.brokerServiceURL
        guard let address = try? ServiceURL(url).addresses.first else {
            throw PulsarError(
                .lookupFailed,
                "The cluster names no \(service.usesTLS ? "TLS " : "")address of the topic's broker ('\(url)'): check "
                    + "the broker's advertised address.")
        }
        return address
    }

    private static let unexpected = PulsarError(.protocolViolation, "The broker gave an answer of another kind.")
}
