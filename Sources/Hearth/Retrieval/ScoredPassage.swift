/// A passage with what speaks for it.
public struct ScoredPassage: Sendable, Hashable {
    public var passage: Passage
    /// Higher is better; comparable within one result only.
    public var score: Double
    /// What the score is made of, by name: `bm25Score`, `cosineRank`, `symbolBoost`, ….
    public var parts: [String: Double]

    public init(passage: Passage, score: Double, parts: [String: Double]) {
        self.passage = passage
        self.score = score
        self.parts = parts
    }

    /// The order of every ranked list. Equal scores go by path and place, which are the same in every index.
    static func isBetter(_ left: ScoredPassage, _ right: ScoredPassage) -> Bool {
        if left.score != right.score { return left.score > right.score }
        if left.passage.path != right.passage.path { return left.passage.path < right.passage.path }
        return (left.passage.bytes.lowerBound, left.passage.id) < (right.passage.bytes.lowerBound, right.passage.id)
    }
}
