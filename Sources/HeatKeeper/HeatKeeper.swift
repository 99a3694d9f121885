public import Hearth
public import Logging
public import ServiceLifecycle

/// Lets history cool down from time to time.
public struct HeatKeeper: Service {
    private let heat: HeatRun
    private let interval: Duration
    private let logger: Logger

    /// - Parameter interval: the wait between two runs.
    public init(heat: HeatRun, interval: Duration, logger: Logger) {
        self.heat = heat
        self.interval = interval
        self.logger = logger
    }

    /// Works until graceful shutdown or cancellation. A run that fails is tried again after the interval.
    public func run() async throws {
        do {
            try await cancelWhenGracefulShutdown {
                while true {
                    // The first one waits, too: a start is no time for work that nobody waits for.
                    try await Task.sleep(for: interval)
                    await once()
                }
            }
        } catch is CancellationError {
            // The wish to stop: every step is safe to break off.
        }
    }

    private func once() async {
        do {
            let report = try await heat.run()
            guard report != HeatRun.Report() else { return }
            logger.info(
                "history cooled down",
                metadata: [
                    "cooled": "\(report.cooledSessions)", "archived": "\(report.archivedSessions)",
                    "deleted": "\(report.deletedSessions)", "pruned": "\(report.prunedQuestions)",
                    "chunks": "\(report.droppedChunks)",
                ])
        } catch is CancellationError {
            return
        } catch {
            logger.warning("history did not cool down", metadata: ["error": "\(error)"])
        }
    }
}
