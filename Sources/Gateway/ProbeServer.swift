public import Hearth
import Hummingbird
public import Logging
import NIOCore
public import ServiceLifecycle

/// Answers `/healthz`, `/readyz` and `/metrics` on a port of its own, without a key.
///
/// For a process that serves nothing else, and for one whose own port asks for API keys: who watches a process has none. The
/// port is for the cluster's inside alone.
public struct ProbeServer: Service {
    private let host: String
    private let port: Int
    private let routes: HealthRoutes
    private let logger: Logger

    /// - Parameters:
    ///   - metrics: what `/metrics` shows, the backlog of `bus` beside it.
    ///   - readiness: what `/readyz` looks at.
    public init(
        host: String,
        port: Int,
        bus: any TaskBus,
        readiness: [ReadinessCheck],
        metrics: PrometheusMetrics,
        logger: Logger
    ) {
        self.host = host
        self.port = port
        routes = HealthRoutes(bus: bus, readiness: readiness, metrics: metrics)
        self.logger = logger
    }

    /// Serves until graceful shutdown or cancellation.
    ///
    /// - Throws: ``GatewayError`` with code `cannotListen`.
    public func run() async throws {
        let router = Router(context: GatewayContext.self)
        var table = RouteTable()
        routes.add(to: &table)
        table.add(to: router)
        let application = Application(
            router: router,
            configuration: ApplicationConfiguration(address: .hostname(host, port: port), serverName: nil),
            logger: logger)
        do {
            try await application.run()
        } catch let error as IOError {
            throw GatewayError(
                .cannotListen,
                "Cannot listen on \(host):\(port). Choose another server.host or probes.port, or stop what uses it.",
                underlying: error)
        }
    }
}
