import Hearth
package import Hummingbird
public import Logging
import NIOCore
public import ServiceLifecycle

/// Serves Hearth over HTTP, as the OpenAI API speaks.
///
/// Takes questions, puts them on the bus, and hands the answers to whoever asked. It retrieves and generates nothing
/// itself: a gateway can be replaced at any moment, and another one serves the rest of an answer.
public struct Gateway: Service {
    /// Called once the gateway listens, with the address to connect to and the port.
    public typealias OnListening = @Sendable (_ host: String, _ port: Int) async -> Void

    private let settings: GatewaySettings
    private let keys: KeyRing?
    private let onListening: OnListening
    private let logger: Logger
    let parts: GatewayParts

    /// - Parameters:
    ///   - keys: who may ask; `nil` or an empty ring: everybody on this machine.
    ///   - metrics: what `/metrics` shows. Pass the factory that the process's metrics system uses.
    ///   - readiness: what `/readyz` looks at.
    public init(
        settings: GatewaySettings = GatewaySettings(),
        ports: GatewayPorts,
        keys: KeyRing? = nil,
        metrics: PrometheusMetrics = PrometheusMetrics(),
        readiness: [ReadinessCheck]? = nil,
        logger: Logger,
        onListening: @escaping OnListening = { _, _ in }
    ) {
        self.settings = settings
        self.keys = keys
        self.onListening = onListening
        self.logger = logger
        let router = ReplyRouter(
            bus: ports.bus, ledger: ports.ledger, tick: settings.tick, grace: settings.shutdownGrace, logger: logger)
        let desk = QuestionDesk(
            bus: ports.bus, ledger: ports.ledger, republishAfter: settings.republishAfter, logger: logger)
        parts = GatewayParts(
            settings: settings, ports: ports, router: router, desk: desk,
            abandoned: AbandonedAnswers(router: router, desk: desk),
            admissions: AdmissionDesk(
                bus: ports.bus, ledger: ports.ledger, limit: settings.queueLimit, slots: settings.workerSlots),
            shares: KeyShares(), catalogue: ModelCatalogue(timeline: ports.timeline, generator: ports.generator),
            instruments: Instruments(factory: metrics), metrics: metrics,
            readiness: readiness
                ?? ReadinessCheck.standard(
                    bus: ports.bus, ledger: ports.ledger, timeline: ports.timeline, generator: ports.generator),
            logger: logger)
    }

    /// Serves until graceful shutdown or cancellation.
    ///
    /// - Throws: ``GatewayError`` with code `needsKeys`, `cannotListen` or `unreadableKeys`.
    public func run() async throws {
        try checkAddress()
        do {
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await runBackground() }
                group.addTask { try await application().run() }
                defer { group.cancelAll() }
                try await group.next()
            }
        } catch let error as IOError {
            throw GatewayError(
                .cannotListen,
                "Cannot listen on \(settings.host):\(settings.port). Choose another server.host or server.port, or stop what uses it.",
                underlying: error)
        }
    }

    /// The routes with everything around them.
    package func application() -> some ApplicationProtocol {
        let router = Router(context: GatewayContext.self, options: [.autoGenerateHeadEndpoints])
        let table = routes()
        router.add(
            middleware: RequestFrame(methods: table.methods, instruments: parts.instruments, logger: logger))
        router.add(middleware: DoorCheck(keys: keys, isLoopback: settings.isLoopback))
        table.add(to: router)
        let host = settings.host
        let onListening = onListening
        return Application(
            router: router,
            server: .http1(
                configuration: .init(
                    additionalChannelHandlers: [ConnectionWatch()],
                    idleTimeout: .nanoseconds(Int64(settings.idleTimeout / .nanoseconds(1))))),
            configuration: ApplicationConfiguration(
                address: .hostname(host, port: settings.port), serverName: nil),
            onServerRunning: { channel in await onListening(host, channel.localAddress?.port ?? 0) },
            logger: logger)
    }

    /// What works beside the HTTP server. Runs until cancelled.
    package func runBackground() async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await parts.router.run() }
            group.addTask { try await parts.desk.run() }
            group.addTask { try await parts.abandoned.run() }
            defer { group.cancelAll() }
            try await group.next()
        }
    }

    /// Hands events to the requests that wait for them; works beside the HTTP server.
    package var router: ReplyRouter { parts.router }
    package var desk: QuestionDesk { parts.desk }

    private func routes() -> RouteTable {
        var table = RouteTable()
        PageRoute().add(to: &table)
        HealthRoutes(bus: parts.ports.bus, readiness: parts.readiness, metrics: parts.metrics).add(to: &table)
        ChatRoute(parts: parts).add(to: &table)
        ModelRoutes(parts: parts).add(to: &table)
        EmbeddingRoute(parts: parts).add(to: &table)
        SearchRoute(parts: parts).add(to: &table)
        TaskRoutes(parts: parts).add(to: &table)
        ProjectRoutes(parts: parts).add(to: &table)
        SessionRoutes(parts: parts).add(to: &table)
        S3HookRoute(parts: parts)?.add(to: &table)
        return table
    }

    /// A public address without keys would show the code to everybody who can reach it.
    private func checkAddress() throws {
        guard !settings.isLoopback, try keys?.isEmpty() ?? true else { return }
        throw GatewayError(
            .needsKeys,
            "\(settings.host) can be reached by others, and there is no API key. Make one (hearth keys create <name>) or listen on 127.0.0.1."
        )
    }
}
