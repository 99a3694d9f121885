import Logging
import NIOCore
import Synchronization

/// What a client's producers and consumers share.
final class ClientContext: Sendable {
    let configuration: PulsarClientConfiguration
    let eventLoop: any EventLoop
    let jobs: JobQueue
    let pool: ConnectionPool
    let lookup: TopicLookup
    let logger: Logger
    private let lastID = Mutex<UInt64>(0)

    init(_ configuration: PulsarClientConfiguration, eventLoop: any EventLoop, logger: Logger) {
        self.configuration = configuration
        self.eventLoop = eventLoop
        self.logger = logger
        jobs = JobQueue()
        let settings = ConnectionSettings(
            authentication: configuration.authentication, tls: configuration.tls,
            connectTimeout: configuration.connectTimeout, operationTimeout: configuration.operationTimeout,
            keepAlive: configuration.keepAlive)
        pool = ConnectionPool(
            Connector(settings: settings, eventLoop: eventLoop, jobs: jobs, logger: logger),
            usesTLS: configuration.serviceURL.usesTLS)
        lookup = TopicLookup(
            configuration.serviceURL, listener: configuration.listenerName, pool: pool,
            timeout: configuration.operationTimeout)
    }

    /// Names a producer or consumer on its connection.
    func nextID() -> UInt64 {
        lastID.withLock { id in
            id += 1
            return id
        }
    }

    /// Tries `body` until it succeeds, fails for good, or the client's operation timeout is over.
    ///
    /// - Throws: ``PulsarError``; `CancellationError`.
    func retrying<Success: Sendable>(
        _ what: String,
        within limit: Duration?,
        _ body: () async throws -> Success
    ) async throws -> Success {
        let start = ContinuousClock.now
        var backoff = configuration.backoff
        while true {
            do {
                return try await body()
            } catch let error as PulsarError {
                let delay = backoff.delay()
                guard error.isWorthAnotherTry else { throw error }
                if let limit, ContinuousClock.now - start + delay > limit { throw error }
                logger.debug(
                    "trying again",
                    metadata: ["pulsar_action": "\(what)", "pulsar_error": "\(error)", "pulsar_delay": "\(delay)"])
                try await Task.sleep(for: delay)
            }
        }
    }
}

extension PulsarError {
    /// Narrower than ``isRetriable``: what somebody else holds stays held, and the caller who asks for it wants to know.
    var isWorthAnotherTry: Bool { isRetriable && ![.producerBusy, .consumerBusy, .quotaExceeded].contains(code) }
}
