import Hearth
import ServiceLifecycle
import Worker

/// Brings one project up to date and shows how far it is.
struct Ingestion: Service {
    struct Outcome: Sendable {
        var report: ReconcileReport
        var statistics: IndexStatistics
    }

    private let composition: Composition
    private let project: Project
    private let isQuiet: Bool
    let progress = IngestProgress()
    /// Why going on makes no sense.
    private let obstacle = Obstacle()

    init(composition: Composition, project: Project, isQuiet: Bool) {
        self.composition = composition
        self.project = project
        self.isQuiet = isQuiet
    }

    /// Compares, works until nothing of the project is left to do, and compares again: what changed meanwhile is not missed.
    func run() async throws {
        try await replayDeadLetters()
        for _ in 0..<3 {
            let report = try await composition.reconciler.reconcile(project)
            if report.isComplete { return }
            if Task.isShuttingDownGracefully { return obstacle.note(CancellationError()) }
            progress.begin(lacking: report.unembedded)
            try await work(total: report.changed + report.deleted)
        }
    }

    /// Whether it was stopped before its end.
    var wasInterrupted: Bool { obstacle.error is CancellationError }

    /// Who asks again wants what failed before to be tried again: a file that was unreadable then, or a bug that is mended.
    private func replayDeadLetters() async throws {
        let bus = composition.stores.bus
        for letter in try await bus.deadLetters(on: .ingest, limit: 10_000) {
            let task = try? TaskCoding.decode(IngestTask.self, from: letter.message.payload)
            if task?.projectID == project.id { _ = try await bus.replay(letter.message.id, on: .ingest) }
        }
    }

    /// What is true now, after ``run()``.
    func outcome() async throws -> Outcome {
        let report = try await composition.reconciler.reconcile(project)
        return Outcome(report: report, statistics: try await composition.stores.index.statistics(of: report.index))
    }

    private func work(total: Int) async throws {
        let progress = progress
        let projectID = project.id
        let worker = composition.ingestWorker { task, outcome in
            if task.projectID == projectID { progress.note(task, outcome) }
        } failed: { [obstacle] _, error in
            // Without room on the disk nothing can be stored, not even that a task has failed.
            if let error = error as? StoreError, error.code == .full { obstacle.note(error) }
        }
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await worker.run() }
            group.addTask { try await show(total: total) }
            // The display ends when the backlog is empty; the worker would wait for ever.
            try await group.next()
            group.cancelAll()
        }
    }

    private func show(total: Int) async throws {
        let terminal = Terminal.error
        var nextPlainLine = 10.0
        while !Task.isCancelled {
            if let error = obstacle.error as? StoreError { throw error }
            let backlog = try await composition.stores.bus.backlog(of: .ingest)
            let isDone = backlog.ready + backlog.waiting + backlog.inFlight == 0
            if !isQuiet, terminal.isInteractive {
                terminal.write("\r\u{1B}[K" + progress.line(total: total, width: terminal.width) + (isDone ? "\n" : ""))
            } else if !isQuiet, isDone || progress.seconds >= nextPlainLine {
                terminal.line(progress.line(total: total, width: 100))
                nextPlainLine += 10
            }
            if isDone { return }
            try await Task.sleep(for: .milliseconds(100))
        }
    }
}
