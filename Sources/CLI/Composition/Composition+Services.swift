import Gateway
import Hearth
import HeatKeeper
import Ingest
import Worker

extension Composition {
    /// Answers questions.
    func answerWorker() -> TaskWorker {
        let pipeline = AnswerPipeline(
            retriever: retriever, timeline: stores.timeline, generator: generator)
        let handler = AnswerTaskHandler(
            pipeline: pipeline, ledger: stores.ledger, timeline: stores.timeline, bus: stores.bus, policy: policy,
            logger: stores.logger)
        return TaskWorker(
            bus: stores.bus, topic: .answer, slots: configuration.integer(.workerSlots),
            grace: .seconds(configuration.number(.shutdownGrace)), logger: stores.logger, handle: handler.handle)
    }

    /// Takes documents into their indexes.
    ///
    /// - Parameters:
    ///   - observe: told of every document that is done.
    ///   - failed: told of every attempt that failed.
    func ingestWorker(
        observe: @escaping IngestTaskHandler.Observe = { _, _ in },
        failed: @escaping IngestTaskHandler.Failed = { _, _ in }
    ) -> TaskWorker {
        let handler = IngestTaskHandler(
            pipeline: ingestPipeline, index: stores.index, bus: stores.bus, policy: policy, logger: stores.logger,
            observe: observe,
            failed: failed)
        return TaskWorker(
            bus: stores.bus, topic: .ingest, slots: Self.ingestSlots(configuration), grace: .seconds(5),
            logger: stores.logger, handle: handler.handle)
    }

    /// Looks for changes in all sources from time to time.
    func ingestScheduler() -> IngestScheduler {
        IngestScheduler(
            reconciler: reconciler, timeline: stores.timeline,
            interval: .seconds(max(1, configuration.number(.ingestInterval))), logger: stores.logger)
    }

    /// Lets history cool down from time to time.
    ///
    /// - Throws: ``ConfigurationError``.
    func heatKeeper() throws -> HeatKeeper {
        HeatKeeper(
            heat: try stores.heatRun(), interval: .seconds(max(1, configuration.number(.heatInterval))),
            logger: stores.logger)
    }

    /// Answers those who watch this process; `nil` unless the settings have a port for them.
    ///
    /// - Parameter answers: whether the process needs the generator.
    func probes(answers: Bool, metrics: PrometheusMetrics) -> ProbeServer? {
        let port = configuration.integer(.probesPort)
        guard port != 0 else { return nil }
        return ProbeServer(
            host: configuration[.host], port: port, bus: stores.bus,
            readiness: ReadinessCheck.standard(
                bus: stores.bus, ledger: stores.ledger, timeline: stores.timeline,
                generator: answers ? generator : nil),
            metrics: metrics, logger: stores.logger)
    }

    /// Serves HTTP.
    ///
    /// - Parameters:
    ///   - workerSlots: how many questions all workers together answer at the same time; 0 if it is not known.
    ///   - onListening: told of the address once it is open.
    func gateway(
        metrics: PrometheusMetrics,
        workerSlots: Int,
        onListening: @escaping Gateway.OnListening
    ) -> Gateway {
        let settings = GatewaySettings(
            host: configuration[.host], port: configuration.integer(.port),
            maximumBodyBytes: configuration.integer(.maximumBodyBytes),
            answerDeadline: .seconds(configuration.number(.answerDeadline)),
            cancelOnDisconnect: configuration.flag(.cancelOnDisconnect), queueLimit: configuration.integer(.queueLimit),
            keyShare: configuration.integer(.keyShare),
            workerSlots: workerSlots,
            shutdownGrace: .seconds(configuration.number(.shutdownGrace)),
            s3HookSecret: HookSecret(configuration[.s3HookSecret]))
        let ports = GatewayPorts(
            bus: stores.bus, ledger: stores.ledger, timeline: stores.timeline, index: stores.index, encoders: encoders,
            generator: generator, retriever: retriever, ingest: { try await reconciler.reconcile($0) },
            ingestPaths: { try await reconciler.reconcile($0, paths: $1) })
        return Gateway(
            settings: settings, ports: ports, keys: KeyRing(path: stores.data.keys), metrics: metrics,
            logger: stores.logger, onListening: onListening)
    }
}
