public import FoundationEssentials

/// The truth about every question: its state, its attempts and every piece of its answer.
///
/// All methods throw ``StoreError``.
public protocol TaskLedger: Sendable {
    /// Records the task as `queued`, or finds the one that it repeats.
    ///
    /// - Parameter window: how far back, in seconds, an equal ``Deduplication/key`` counts as the same request.
    /// - Throws: ``StoreError``; a `conflict` if there is a task of this id already, which is left as it is.
    func record(_ task: AnswerTask, deduplicatingWithin window: Double) async throws -> RecordOutcome
    /// Notes that the bus has the task.
    func markPublished(_ id: CorrelationID) async throws
    /// Ends a task that the bus did not take. One that is on the bus is left as it is.
    func reject(_ id: CorrelationID, failure: TaskFailure) async throws
    /// Queued tasks recorded before `date` of which nobody noted that the bus has them: a gateway died in between.
    func unpublished(before date: Date, limit: Int) async throws -> [AnswerTask]

    /// Takes the right to write the answer (compare-and-set on the attempt number).
    func beginAttempt(_ id: CorrelationID) async throws -> AttemptOutcome
    /// Adds events, all or none; a terminal event also ends the task. Sequence numbers are contiguous from 1.
    ///
    /// Events that the ledger has already, under the same attempt, are left as they are.
    func append(_ events: [ReplyEvent]) async throws -> AppendOutcome
    /// Events after `sequence`, in order.
    func events(of id: CorrelationID, after sequence: Int, limit: Int) async throws -> [ReplyEvent]

    /// What is known of one question.
    func entry(_ id: CorrelationID) async throws -> LedgerEntry?
    /// Entries, the latest first. `before` is the `createdAt` of the last one of the page before.
    func entries(status: TaskStatus?, project: ProjectID?, before: Date?, limit: Int) async throws -> [LedgerEntry]
    /// Ends a queued task as cancelled, or asks the worker of a running one to stop.
    func requestCancellation(_ id: CorrelationID) async throws -> CancellationOutcome
    /// Makes a failed task `queued` again, for a dead letter that is replayed: its terminal event is taken back,
    /// and the next attempt's events follow in its place. `false` if there is no failed task of that id.
    func reopen(_ id: CorrelationID) async throws -> Bool
    /// What was finished since `date`, to measure the rate of service.
    func throughput(since date: Date) async throws -> Throughput

    /// Removes questions that ended before `date`, with their events: those that ended first, at most `limit`.
    ///
    /// - Returns: how many were removed.
    func prune(finishedBefore date: Date, limit: Int) async throws -> Int
    /// The questions of a session or about a project that have not ended.
    func unfinished(in scope: ErasureScope) async throws -> [CorrelationID]
    /// Removes the questions of a session or about a project that have ended, with their events.
    func erase(_ scope: ErasureScope) async throws
}

/// What became of a task that was to be recorded.
public enum RecordOutcome: Sendable, Hashable {
    case recorded
    /// The same request is here already under this id.
    case duplicate(CorrelationID)
    /// The same key was used for another body.
    case conflict(CorrelationID)
}

/// What a worker learns when it wants to begin.
public enum AttemptOutcome: Sendable {
    case began(Attempt)
    /// Nothing is left to write; the terminal event says what happened.
    case finished(ReplyEvent)
    /// The ledger has no such task.
    case unknown
}

/// What became of events.
public enum AppendOutcome: Sendable, Hashable {
    case appended(isCancellationRequested: Bool)
    /// Another attempt writes now, or the task has ended: stop, and write nothing more.
    case stale
}

/// What became of the wish to cancel.
public enum CancellationOutcome: Sendable, Hashable {
    /// It had not begun and has ended now.
    case cancelled
    /// Its worker was asked to stop.
    case requested
    case alreadyFinished
    case unknown
}

/// Answers per time.
public struct Throughput: Sendable, Hashable {
    public var finished: Int
    /// Mean seconds from the begin of the last attempt to the end; 0 if nothing finished.
    public var meanServiceSeconds: Double

    public init(finished: Int = 0, meanServiceSeconds: Double = 0) {
        self.finished = finished
        self.meanServiceSeconds = meanServiceSeconds
    }
}
