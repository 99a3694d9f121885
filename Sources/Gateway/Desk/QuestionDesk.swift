package import FoundationEssentials
public import Hearth
public import Logging
public import ServiceLifecycle

/// Takes questions in: into the ledger, then onto the bus, so that neither ever has one that the other lacks.
///
/// A question is first recorded and then published. If publishing fails, the record is closed as `rejected`; if the
/// process ends in between, ``run()`` of any gateway finds the record and publishes it.
public struct QuestionDesk: Service {
    /// What became of a question.
    public enum Receipt: Hashable, Sendable {
        case accepted
        /// The same request is here already; its answer is this one's.
        case joined(CorrelationID)
    }

    private let bus: any TaskBus
    private let ledger: any TaskLedger
    private let republishAfter: Duration
    private let logger: Logger

    /// - Parameter republishAfter: a recorded task that is not known to be on the bus after so long is published again.
    public init(
        bus: any TaskBus,
        ledger: any TaskLedger,
        republishAfter: Duration = .seconds(10),
        logger: Logger
    ) {
        self.bus = bus
        self.ledger = ledger
        self.republishAfter = republishAfter
        self.logger = logger
    }

    /// Records and publishes a question, and returns when it would survive the end of this process.
    ///
    /// - Parameter window: how far back an equal ``Deduplication/key`` is the same request; `nil` for a first attempt,
    ///   which leaves its key for later ones to find and joins nothing.
    /// - Throws: ``GatewayError`` with code `notPublished` or `keyConflict`; ``TaskFailure`` for a question that is too
    ///   large for the bus; ``StoreError``.
    public func submit(_ task: AnswerTask, joiningWithin window: Duration? = nil) async throws -> Receipt {
        let receipt = try await post(task, joiningWithin: window)
        if receipt == .accepted { await confirm(task.id) }
        return receipt
    }

    /// As ``submit(_:joiningWithin:)``, but leaves ``confirm(_:)`` to be called soon, off the path of the question.
    func post(_ task: AnswerTask, joiningWithin window: Duration?) async throws -> Receipt {
        // A negative window reaches into the future and so finds nothing.
        let seconds = window.map { $0 / .seconds(1) } ?? -3600
        switch try await ledger.record(task, deduplicatingWithin: seconds) {
        case .recorded: break
        case .conflict:
            throw GatewayError(
                .keyConflict, "The same idempotency key was used for another request. Use a new key for a new request.")
        case .duplicate(let id):
            guard try await isCancelled(id) else { return .joined(id) }
            // The attempt before ended because its client went away: that is no answer to join.
            _ = try await ledger.record(task, deduplicatingWithin: -3600)
        }
        try await publish(task)
        return .accepted
    }

    /// Notes that the bus has the task. Failing to is mended by ``run()``, which at worst publishes it again: the bus
    /// keeps one task per id.
    func confirm(_ id: CorrelationID) async {
        do {
            try await ledger.markPublished(id)
        } catch {
            logger.warning("cannot note a published task", metadata: ["correlation_id": "\(id)", "error": "\(error)"])
        }
    }

    /// Ends a question that nobody wants answered any more, or asks its worker to stop.
    ///
    /// - Throws: ``StoreError``.
    public func cancel(_ id: CorrelationID) async throws -> CancellationOutcome {
        let outcome = try await ledger.requestCancellation(id)
        // The ledger has ended it; a worker that finds it on the bus drops it, so taking it off only saves the work.
        if outcome == .cancelled { _ = try? await bus.cancel(id.rawValue, on: .answer) }
        return outcome
    }

    /// Publishes what a gateway that died had recorded only. Runs until cancelled.
    public func run() async throws {
        repeat { await sweep() } while (try? await Task.sleep(for: republishAfter / 2)) != nil
    }

    /// One look for recorded tasks that are not on the bus. Returns how many it published.
    @discardableResult
    package func sweep(now: Date = Date()) async -> Int {
        let before = now.addingTimeInterval(-(republishAfter / .seconds(1)))
        var count = 0
        do {
            for task in try await ledger.unpublished(before: before, limit: 100) {
                try await bus.publish([try task.message()])
                try await ledger.markPublished(task.id)
                count += 1
                logger.notice("published a task that was left behind", metadata: ["correlation_id": "\(task.id)"])
            }
        } catch {
            logger.warning("cannot publish what was left behind", metadata: ["error": "\(error)"])
        }
        return count
    }

    private func publish(_ task: AnswerTask) async throws {
        do {
            try await bus.publish([try task.message()])
        } catch {
            // Asking again is no use for a question that the bus can never take.
            let refusal = (error as? TaskBusError).flatMap { $0.code == .invalid ? $0 : nil }
            let failure =
                refusal.map { TaskFailure(.contextLengthExceeded, $0.message) }
                ?? TaskFailure(.notPublished, "The task bus did not take the question. Ask again in a moment.")
            do {
                try await ledger.reject(task.id, failure: failure)
            } catch {
                logger.error(
                    "cannot close a rejected task", metadata: ["correlation_id": "\(task.id)", "error": "\(error)"])
            }
            if refusal != nil { throw failure }
            throw GatewayError(.notPublished, failure.message, underlying: error)
        }
    }

    private func isCancelled(_ id: CorrelationID) async throws -> Bool {
        guard let entry = try await ledger.entry(id) else { return false }
        return entry.status == .cancelled || entry.isCancellationRequested
    }
}
