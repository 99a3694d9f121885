import Hearth

/// Draws questions by a seed.
enum QuestionSample {
    /// At most `count` of the questions, in an order that depends on each one's own text and the seed alone: a question
    /// that a change of the code adds or takes away does not change the others.
    static func draw(_ count: Int, of questions: [EvaluationQuestion], seed: UInt64) -> [EvaluationQuestion] {
        let keyed = questions.map { (key: Digest.sha256(of: [String(seed), $0.id]), question: $0) }
        return keyed.sorted { $0.key < $1.key }.prefix(count).map(\.question)
    }
}
