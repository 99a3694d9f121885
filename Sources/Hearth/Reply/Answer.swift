/// An answer put together from its events.
public struct Answer: Sendable, Hashable {
    public private(set) var text = ""
    public private(set) var retrieval: RetrievalReport?
    /// The event that ended it; `nil` while it is being written.
    public private(set) var ending: ReplyEvent?
    public private(set) var lastSequence = 0

    public init() {}

    /// - Parameter events: in order, from the first.
    public init(_ events: some Sequence<ReplyEvent>) {
        for event in events { add(event) }
    }

    /// Takes in the next event; one that is known already changes nothing.
    public mutating func add(_ event: ReplyEvent) {
        guard event.sequence > lastSequence else { return }
        lastSequence = event.sequence
        switch event.kind {
        case .retrieved(let report): retrieval = report
        case .text(let piece): text += piece
        case .restarted: text = ""
        case .completed, .failed, .cancelled: ending = event
        }
    }

    /// The summary of a completed answer.
    public var summary: AnswerSummary? {
        guard case .completed(let summary)? = ending?.kind else { return nil }
        return summary
    }
}
