public import Logging

/// Does one delivery of a document, whatever happens, and says what becomes of the task.
public struct IngestTaskHandler: Sendable {
    /// Told of every document that is done, for progress and metrics.
    public typealias Observe = @Sendable (IngestTask, IngestOutcome) async -> Void

    /// Told of every attempt that failed, whatever becomes of its task.
    public typealias Failed = @Sendable (IngestTask, any Error) async -> Void

    private let pipeline: IngestPipeline
    private let index: any PassageIndex
    private let bus: any TaskBus
    private let policy: RetryPolicy
    private let observe: Observe
    private let failed: Failed
    private let logger: Logger

    public init(
        pipeline: IngestPipeline,
        index: any PassageIndex,
        bus: any TaskBus,
        policy: RetryPolicy = RetryPolicy(),
        logger: Logger,
        observe: @escaping Observe = { _, _ in },
        failed: @escaping Failed = { _, _ in }
    ) {
        self.failed = failed
        self.pipeline = pipeline
        self.index = index
        self.bus = bus
        self.policy = policy
        self.logger = logger
        self.observe = observe
    }

    /// Never throws: what cannot be done becomes a retry, a dead letter or an abandoned task.
    public func handle(_ delivery: TaskDelivery) async -> TaskVerdict {
        guard let task = try? TaskCoding.decode(IngestTask.self, from: delivery.message.payload) else {
            return .deadLetter(reason: "The payload is no ingestion that this version can read.")
        }
        do {
            let outcome = try await pipeline.ingest(task)
            if case .indexed(let indexed) = outcome, indexed.unembedded > 0, let next = task.next {
                try await bus.publish([next.message()])
            }
            await observe(task, outcome)
            return .done
        } catch let error as StoreError where error.code == .tooLarge || error.code == .invalid {
            // It will be as large next time: remember it as skipped instead of trying for ever.
            return await skip(task, reason: error.code == .tooLarge ? .tooLarge : .unreadable, error: error)
        } catch {
            if Task.isCancelled { return .abandoned }
            await failed(task, error)
            logger.warning("ingestion failed", metadata: ["path": "\(task.path)", "error": "\(error)"])
            return policy.verdict(for: error, attempt: delivery.deliveryCount)
        }
    }

    private func skip(_ task: IngestTask, reason: SkipReason, error: StoreError) async -> TaskVerdict {
        logger.notice("skipped", metadata: ["path": "\(task.path)", "reason": "\(error.message)"])
        let row = IndexedDocument(
            path: task.path, tag: task.tag, version: "", size: 0, language: "", passageCount: 0, skipped: reason)
        let reference = IndexReference(projectID: task.projectID, generation: task.generation)
        do {
            try await index.replace(row, with: [], in: reference)
            await observe(task, .skipped(reason))
            return .done
        } catch {
            return policy.verdict(for: error, attempt: 1)
        }
    }
}
