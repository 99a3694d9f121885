/// One thing about a passage, beyond the words and the vector that it was found by, that makes it a better or a worse
/// answer. Each is a small type with its own weights; ``RankFeatures`` is the table of those in use.
public protocol RankFeature: Sendable {
    /// What it is called in score parts and reports.
    static var name: String { get }
    /// What it does to each of the passages; `nil` where it has nothing to say.
    func effects(on passages: [ScoredPassage], for question: QuestionTerms) -> [RankEffect?]
}

/// What a feature does to a score.
public enum RankEffect: Hashable, Sendable {
    /// Adds this. A passage that leads every list of a search has about 1.
    case boost(Double)
    /// Leaves this part of the score, boosts included.
    case damping(Double)
}

extension RankFeature {
    /// The passages in the order that this feature alone would give them.
    public func rank(_ passages: [ScoredPassage], question: String) -> [ScoredPassage] {
        RankFeatures([self]).rank(passages, question: question)
    }
}
