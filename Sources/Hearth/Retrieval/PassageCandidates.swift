/// What an index found: three lists, each the best first, ties in a fixed order.
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
    /// Passages that declare a name with one of the question's keys, which need not be the name that was meant.
    public var named: [Passage]
    /// How many passages of the whole index have no vector yet, and so cannot be in the dense list.
    public var unembedded: Int

    public init(lexical: [Candidate] = [], dense: [Candidate] = [], named: [Passage] = [], unembedded: Int = 0) {
        self.lexical = lexical
        self.dense = dense
        self.named = named
        self.unembedded = unembedded
    }

    /// The same without the passages of a document.
    public func without(document path: String) -> PassageCandidates {
        PassageCandidates(
            lexical: lexical.filter { $0.passage.path != path }, dense: dense.filter { $0.passage.path != path },
            named: named.filter { $0.path != path }, unembedded: unembedded)
    }
}
