/// Makes questions of one or several kinds of a codebase.
public protocol QuestionMaker: Sendable {
    /// Every question that the codebase is good for, and what was left out and why.
    func questions(in corpus: Corpus) -> QuestionHarvest
}

/// What a maker found.
public struct QuestionHarvest: Sendable {
    public var questions: [EvaluationQuestion] = []
    /// How much of what might have been a question is none, by reason.
    public var leftOut: [QuestionKind: [String: Int]] = [:]

    public init() {}

    mutating func leaveOut(_ kind: QuestionKind, because reason: String) {
        leftOut[kind, default: [:]][reason, default: 0] += 1
    }

    /// Takes out questions of equal text: nobody could say which answer is meant.
    mutating func leaveOutDuplicates() {
        var counts: [String: Int] = [:]
        for question in questions { counts[question.id, default: 0] += 1 }
        for question in questions where counts[question.id] != 1 {
            leaveOut(question.kind, because: "same text as another")
        }
        questions.removeAll { counts[$0.id] != 1 }
    }
}
