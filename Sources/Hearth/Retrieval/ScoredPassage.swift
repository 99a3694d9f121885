/// A passage with what speaks for it.
public struct ScoredPassage: Sendable, Hashable {
    public var passage: Passage
    /// Higher is better; comparable within one result only.
    public var score: Double
    /// What the score is made of, by name: `bm25`, `cosine`, `lexicalRank`, `denseRank`, ….
    public var parts: [String: Double]

    public init(passage: Passage, score: Double, parts: [String: Double]) {
        self.passage = passage
        self.score = score
        self.parts = parts
    }
}
