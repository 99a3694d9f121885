/// What a case proves.
public enum CaseKind: String, Sendable, CaseIterable, Codable, CodingKeyRepresentable {
    /// A fact that no model can know: absent with closed book, there with open book.
    case canary
    /// The fact stands deeper and deeper among passages that fit the question as well.
    case depth
    /// More and more near-duplicates around the fact.
    case noise
    /// Asked by meaning, without a word in common with the passage.
    case meaning
    /// What is not there is not answered: the exact sentence, no citation.
    case abstention
    /// An answer from two or three files.
    case integration
    /// The code contradicts what everybody knows.
    case counterfactual
    /// Two files contradict each other: both are told.
    case conflict
    /// After an edit, a deletion, a renaming.
    case staleness
    /// Of every answer: markers, versions, ranges, quotes, numbers.
    case citation
    /// Of every answer: no identifier that is not in its sources.
    case identifiers
    /// Nothing of another project or conversation.
    case isolation
    /// Instructions in files are text.
    case injection
    /// The same question in other words, cases and blanks, and beside an irrelevant file.
    case metamorphic
    /// The same question again: cold, warm and at the same time.
    case repetition
    /// The same request twice has one answer.
    case redelivery
    /// A user's own questions.
    case suite

    /// Those that are drawn from a seed.
    public static let generated: [CaseKind] = allCases.filter { $0 != .suite }
    /// Those that every answer of other kinds is judged for, too.
    static let universal: Set<CaseKind> = [.citation, .identifiers]
}
