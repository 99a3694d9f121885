/// The right to write the answer of one question, until the next attempt takes it away.
public struct Attempt: Hashable, Sendable {
    /// 1 for the first. The ledger refuses events that carry an older number (a fencing token).
    public let number: Int
    /// The sequence number that the first event of this attempt must carry.
    public let nextSequence: Int
    /// What earlier attempts have written already: the client may have read it.
    public let text: String
    /// The passages that an earlier attempt put into its prompt, if it came that far.
    public let retrieval: RetrievalReport?

    public init(number: Int, nextSequence: Int = 1, text: String = "", retrieval: RetrievalReport? = nil) {
        self.number = number
        self.nextSequence = nextSequence
        self.text = text
        self.retrieval = retrieval
    }
}
