import FoundationEssentials
public import Hearth
public import Logging
public import ServiceLifecycle

/// Compares every project with its source from time to time and when somebody asks.
public struct IngestScheduler: Service {
    private let reconciler: Reconciler
    private let timeline: any Timeline
    private let interval: Duration
    private let logger: Logger

    /// - Parameter interval: the wait between two rounds; a round that finds nothing costs one listing a project.
    public init(reconciler: Reconciler, timeline: any Timeline, interval: Duration, logger: Logger) {
        self.reconciler = reconciler
        self.timeline = timeline
        self.interval = interval
        self.logger = logger
    }

    /// Works until graceful shutdown or cancellation.
    public func run() async throws {
        do {
            try await cancelWhenGracefulShutdown {
                while true {
                    await round()
                    try await Task.sleep(for: interval)
                }
            }
        } catch is CancellationError {
            // The wish to stop: nothing to clean up, and no failure.
        }
    }

    /// One comparison of every project. A project that fails does not hold up the others.
    private func round() async {
        do {
            for project in try await timeline.projects() {
                await reconcile(project)
            }
        } catch is CancellationError {
            return
        } catch {
            logger.warning("cannot list the projects", metadata: ["error": "\(error)"])
        }
    }

    private func reconcile(_ project: Project) async {
        do {
            let report = try await reconciler.reconcile(project)
            // Vectors that are on their way are no change.
            guard report.changed + report.deleted > 0 else { return }
            logger.info(
                "source changed",
                metadata: [
                    "project": "\(project.id)", "changed": "\(report.changed)", "deleted": "\(report.deleted)",
                ])
        } catch is CancellationError {
            return
        } catch {
            logger.warning("cannot reconcile", metadata: ["project": "\(project.id)", "error": "\(error)"])
        }
    }
}
