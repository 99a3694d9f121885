import Gateway
import Hearth
import ServiceLifecycle
import UnixSignals

/// What a process that runs until it is stopped does.
struct Role: Sendable {
    enum Part: Hashable, Sendable {
        case gateway
        case answers
        case ingestion
        case heat
    }

    private let composition: Composition
    private let parts: Set<Part>
    private let workerSlots: Int

    /// - Parameter workerSlots: how many questions all workers together answer at the same time; 0 if it is not known.
    init(_ composition: Composition, parts: Set<Part>, workerSlots: Int = 0) {
        self.composition = composition
        self.parts = parts
        self.workerSlots = workerSlots
    }

    /// Runs until SIGINT or SIGTERM: first no request is taken any more, then the workers end, the bus last.
    func run() async throws {
        // In the order of dependence; they are stopped in the reverse.
        let metrics = PrometheusMetrics()
        var services: [any Service] = []
        if let probes = composition.probes(answers: parts.contains(.answers), metrics: metrics) {
            services.append(probes)
        }
        if let bus = composition.stores.busService { services.append(bus) }
        if parts.contains(.ingestion) { services.append(composition.ingestWorker()) }
        if parts.contains(.answers) { services.append(composition.answerWorker()) }
        if parts.contains(.ingestion) { services.append(composition.ingestScheduler()) }
        if parts.contains(.heat) { services.append(try composition.heatKeeper()) }
        if parts.contains(.gateway) {
            let greeting = Greeting(composition: composition)
            services.append(
                composition.gateway(metrics: metrics, workerSlots: workerSlots) { host, port in
                    await greeting.show(host: host, port: port)
                })
        }
        let group = ServiceGroup(
            configuration: .init(
                services: services.map { .init(service: $0) }, gracefulShutdownSignals: [.sigint, .sigterm],
                cancellationSignals: [.sigquit], logger: composition.stores.logger))
        try await group.run()
    }
}
