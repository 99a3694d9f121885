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

    public init(lexical: [Candidate] = [], dense: [Candidate] = [], named: [Passage] = []) {
        self.lexical = lexical
        self.dense = dense
        self.named = named
    }

    /// The same without the passages of a document.
    public func without(document path: String) -> PassageCandidates {
        PassageCandidates(
            lexical: lexical.filter { $0.passage.path != path }, dense: dense.filter { $0.passage.path != path },
            named: named.filter { $0.path != path })
    }
}
