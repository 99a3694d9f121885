import ArgumentParser
import Gateway
import Hearth
import ServiceLifecycle
import UnixSignals

struct ServeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve", abstract: "Serves the OpenAI API, answers questions and keeps the indexes up to date.",
        discussion:
            "Stops at Ctrl-C: running answers may finish; a second Ctrl-C stops at once. Nothing is lost either way.")

    @OptionGroup var options: GlobalOptions

    func run() async throws {
        let composition = try await Composition(options.load())
        let metrics = PrometheusMetrics()
        let greeting = Greeting(composition: composition)
        let gateway = composition.gateway(metrics: metrics) { host, port in await greeting.show(host: host, port: port)
        }
        // In the order of dependence; they are stopped in the reverse: first no request is taken, then the workers end.
        let services: [any Service] = [
            composition.ingestWorker(), composition.answerWorker(), composition.ingestScheduler(), gateway,
        ]
        let group = ServiceGroup(
            configuration: .init(
                services: services.map { .init(service: $0) }, gracefulShutdownSignals: [.sigint, .sigterm],
                cancellationSignals: [.sigquit], logger: composition.stores.logger))
        try await group.run()
    }
}
