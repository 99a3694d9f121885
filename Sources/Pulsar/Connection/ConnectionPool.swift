import Logging

/// The client's connections, one for each broker, shared by all of its topics there.
actor ConnectionPool {
    struct Key: Hashable, Sendable {
        let physical: ServiceURL.Address
        /// The broker behind a proxy.
        let proxiedTo: String?
    }

    private let connector: Connector
    private let usesTLS: Bool
    private var connections: [Key: Connection] = [:]
    private var connecting: [Key: [CheckedContinuation<Void, any Error>]] = [:]
    private var isClosed = false

    init(_ connector: Connector, usesTLS: Bool) {
        self.connector = connector
        self.usesTLS = usesTLS
    }

    /// A connection that is ready. Whoever asks first opens it; the others wait for the outcome.
    ///
    /// - Throws: ``PulsarError``; `CancellationError`.
    func connection(_ key: Key) async throws -> Connection {
        while true {
            guard !isClosed else { throw PulsarError(.closed, "The client was closed.") }
            if let connection = connections[key] {
                if connection.isReady { return connection }
                connections[key] = nil
            }
            if connecting[key] == nil { return try await open(key) }
            try await withCheckedThrowingContinuation { connecting[key, default: []].append($0) }
            try Task.checkCancellation()
        }
    }

    private func open(_ key: Key) async throws -> Connection {
        connecting[key] = []
        do {
            let connection = try await connector.connect(key.physical, usesTLS: usesTLS, proxiedTo: key.proxiedTo)
            guard !isClosed else {
                connection.close(PulsarError(.closed, "The client was closed."))
                throw PulsarError(.closed, "The client was closed.")
            }
            connections[key] = connection
            finish(key, .success(()))
            return connection
        } catch {
            // Those who wait behind somebody who was cancelled try for themselves.
            finish(key, error is CancellationError ? .success(()) : .failure(error))
            throw error
        }
    }

    private func finish(_ key: Key, _ result: Result<Void, any Error>) {
        for waiter in connecting.removeValue(forKey: key) ?? [] { waiter.resume(with: result) }
    }

    func close() {
        isClosed = true
        for connection in connections.values { connection.close(PulsarError(.closed, "The client was closed.")) }
        connections = [:]
    }
}
