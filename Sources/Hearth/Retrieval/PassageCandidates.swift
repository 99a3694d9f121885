/// What an index found: two lists, each the best first, ties in a fixed order.
public struct PassageCandidates: Sendable, Hashable {
    /// A passage with the score of the list that it stands in.
    public struct Candidate: Sendable, Hashable {
        public let passage: Passage
        /// BM25 in the lexical list, cosine in the dense one. Higher is better.
        public let score: Double

        public init(passage: Passage, score: Double) {
            self.passage = passage
            self.score = score
        }
    }

    public var lexical: [Candidate]
    public var dense: [Candidate]

    public init(lexical: [Candidate] = [], dense: [Candidate] = []) {
        self.lexical = lexical
        self.dense = dense
    }
}
