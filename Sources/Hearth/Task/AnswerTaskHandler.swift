public import Logging

/// Does one delivery of a question, whatever happens, and says what becomes of the task.
///
/// The only place where an outcome is turned into a ``TaskVerdict``.
public struct AnswerTaskHandler: Sendable {
    private let pipeline: AnswerPipeline
    private let ledger: any TaskLedger
    private let timeline: any Timeline
    private let bus: any TaskBus
    private let policy: RetryPolicy
    private let cancellationPoll: Duration
    private let logger: Logger

    /// - Parameter cancellationPoll: how soon the wish to cancel is noticed while the generator says nothing.
    public init(
        pipeline: AnswerPipeline,
        ledger: any TaskLedger,
        timeline: any Timeline,
        bus: any TaskBus,
        policy: RetryPolicy = RetryPolicy(),
        cancellationPoll: Duration = .milliseconds(250),
        logger: Logger
    ) {
        self.pipeline = pipeline
        self.ledger = ledger
        self.timeline = timeline
        self.bus = bus
        self.policy = policy
        self.cancellationPoll = cancellationPoll
        self.logger = logger
    }

    /// Never throws: what cannot be done becomes a retry, a dead letter or an abandoned task.
    public func handle(_ delivery: TaskDelivery) async -> TaskVerdict {
        guard let task = try? TaskCoding.decode(AnswerTask.self, from: delivery.message.payload) else {
            return .deadLetter(reason: "The payload is no question that this version can read.")
        }
        var logger = logger
        logger[metadataKey: "correlation_id"] = "\(task.id)"
        do {
            switch try await ledger.beginAttempt(task.id) {
            case .unknown:
                return .deadLetter(reason: "The ledger does not know this question.")
            case .finished:
                try await remember(task)
                return .done
            case .began(let attempt):
                return await perform(task, attempt: attempt, delivery: delivery, logger: logger)
            }
        } catch {
            return policy.verdict(for: error, attempt: delivery.deliveryCount)
        }
    }

    private func perform(
        _ task: AnswerTask,
        attempt: Attempt,
        delivery: TaskDelivery,
        logger: Logger
    ) async -> TaskVerdict {
        let reply = ReplyWriter(task: task, attempt: attempt, ledger: ledger, bus: bus) { try await remember(task) }
        do {
            guard !delivery.isExpired else {
                throw TaskFailure(.expired, "No worker was free before the deadline of this question.")
            }
            guard delivery.deliveryCount <= policy.maximumDeliveries else {
                throw TaskFailure(
                    .internalError, "The worker was lost \(delivery.deliveryCount - 1) times on this question.")
            }
            try await answerUnlessCancelled(task, attempt: attempt, reply: reply)
            return .done
        } catch ReplyWriter.Stop.superseded {
            logger.notice("another attempt has taken over", metadata: ["attempt": "\(attempt.number)"])
            return .done
        } catch ReplyWriter.Stop.cancelled {
            return await end(task, with: .cancelled, reply: reply, delivery: delivery, verdict: .done)
        } catch {
            if Task.isCancelled { return .abandoned }
            let verdict = policy.verdict(for: error, attempt: delivery.deliveryCount)
            logger.warning(
                "attempt failed", metadata: ["attempt": "\(attempt.number)", "error": "\(error)"])
            switch verdict {
            case .retry, .abandoned:
                return verdict
            case .done, .deadLetter:
                let failure = TaskFailure(describing: error)
                return await end(task, with: .failed(failure), reply: reply, delivery: delivery, verdict: verdict)
            }
        }
    }

    /// Runs the pipeline beside a watch on the ledger: a model that thinks for a minute is stopped within a moment.
    private func answerUnlessCancelled(_ task: AnswerTask, attempt: Attempt, reply: ReplyWriter) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await pipeline.answer(task, attempt: attempt, reply: reply) }
            group.addTask {
                while true {
                    try await Task.sleep(for: cancellationPoll)
                    if try await ledger.entry(task.id)?.isCancellationRequested == true {
                        throw ReplyWriter.Stop.cancelled
                    }
                }
            }
            defer { group.cancelAll() }
            try await group.next()
        }
    }

    private func end(
        _ task: AnswerTask,
        with kind: ReplyEvent.Kind,
        reply: ReplyWriter,
        delivery: TaskDelivery,
        verdict: TaskVerdict
    ) async -> TaskVerdict {
        do {
            try await reply.write(kind)
            return verdict
        } catch ReplyWriter.Stop.superseded {
            return .done
        } catch {
            return policy.verdict(for: error, attempt: delivery.deliveryCount)
        }
    }

    /// Writes question and answer into the session. Repeating it changes nothing.
    private func remember(_ task: AnswerTask) async throws {
        let events = try await ledger.events(of: task.id, after: 0, limit: .max)
        try await timeline.remember(task, answer: Answer(events))
    }
}
