/// One piece of an answer on its way to whoever asked.
public struct ReplyEvent: Hashable, Sendable, Codable {
    public enum Kind: Hashable, Sendable, Codable {
        /// What retrieval found and the prompt holds. The first event of an attempt that gets so far.
        case retrieved(RetrievalReport)
        /// The next piece of the answer's text.
        case text(String)
        /// The text so far is void and starts anew: another attempt could not continue it.
        case restarted
        case completed(AnswerSummary)
        case failed(TaskFailure)
        case cancelled
    }

    public let correlationID: CorrelationID
    public let attempt: Int
    /// 1, 2, 3, … over all attempts.
    public let sequence: Int
    public let kind: Kind

    public init(correlationID: CorrelationID, attempt: Int, sequence: Int, kind: Kind) {
        self.correlationID = correlationID
        self.attempt = attempt
        self.sequence = sequence
        self.kind = kind
    }

    /// Whether nothing follows.
    public var isTerminal: Bool {
        switch kind {
        case .completed, .failed, .cancelled: true
        case .retrieved, .text, .restarted: false
        }
    }
}
