/// Raises passages of files that the question names.
public struct FileMatch: RankFeature, Hashable {
    public static let name = "fileBoost"

    /// Part of the best score that the name without its ending adds.
    public var boost: Double
    /// How much more it is with its ending.
    public var whole: Double
    /// What is left where the name is not written out but made of the question's words.
    public var wordShare: Double

    public init(boost: Double = 0.35, whole: Double = 2, wordShare: Double = 0.25) {
        self.boost = boost
        self.whole = whole
        self.wordShare = wordShare
    }

    public func effect(on passage: Passage, for question: QuestionTerms) -> RankEffect? {
        let file = passage.path.split(separator: "/").last ?? ""
        let stem = file.prefix { $0 != "." }
        if question.names.contains(file.lowercased()) { return .boost(boost * whole) }
        if stem.utf8.count > 2, question.names.contains(stem.lowercased()) { return .boost(boost) }
        return question.covers(stem) ? .boost(boost * wordShare) : nil
    }
}
