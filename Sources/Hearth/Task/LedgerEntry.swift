public import FoundationEssentials

/// What the ledger knows of one question.
public struct LedgerEntry: Sendable, Codable {
    public var task: AnswerTask
    public var status: TaskStatus
    /// The attempt that may write; 0 before the first.
    public var attempt: Int
    /// The sequence number of the last event; 0 if there is none.
    public var lastSequence: Int
    public var isCancellationRequested: Bool
    public var publishedAt: Date?
    public var startedAt: Date?
    public var finishedAt: Date?
    public var failure: TaskFailure?

    public init(
        task: AnswerTask,
        status: TaskStatus,
        attempt: Int = 0,
        lastSequence: Int = 0,
        isCancellationRequested: Bool = false,
        publishedAt: Date? = nil,
        startedAt: Date? = nil,
        finishedAt: Date? = nil,
        failure: TaskFailure? = nil
    ) {
        self.task = task
        self.status = status
        self.attempt = attempt
        self.lastSequence = lastSequence
        self.isCancellationRequested = isCancellationRequested
        self.publishedAt = publishedAt
        self.startedAt = startedAt
        self.finishedAt = finishedAt
        self.failure = failure
    }
}
