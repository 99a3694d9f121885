/// From an index's candidates to the order that a person sees: fusion of the lists, then the rank features. Pure.
public struct Ranking: Sendable {
    /// The score part of passages in which a name of the question may be declared.
    static let declares = "declares"

    private let settings: Retriever.Settings
    private let fusion = ScoreFusion()
    /// What comes after fusion.
    public let features: RankFeatures

    public init(_ settings: Retriever.Settings = Retriever.Settings(), features: RankFeatures = RankFeatures()) {
        self.settings = settings
        self.features = features
    }

    /// Joins the lists of a search, best first.
    ///
    /// - Parameter conversation: what the conversation so far would find.
    public func fuse(_ candidates: PassageCandidates, conversation: PassageCandidates? = nil) -> [ScoredPassage] {
        var lists: [ScoreFusion.Weighted] = [
            .init("bm25", weight: settings.lexicalWeight, scale: .ofBest, candidates.lexical),
            .init("cosine", weight: settings.denseWeight, scale: .ofRange, candidates.dense),
            // They have no score of their own: a rank feature says what they are worth.
            .init(
                Self.declares, weight: 0, scale: .ofBest, candidates.named.map { .init(passage: $0, score: 0) }),
        ]
        if let conversation {
            let share = settings.conversationWeight
            lists += [
                .init(
                    "conversationBM25", weight: settings.lexicalWeight * share, scale: .ofBest, conversation.lexical),
                .init(
                    "conversationCosine", weight: settings.denseWeight * share, scale: .ofRange, conversation.dense),
            ]
        }
        return fusion.fuse(lists)
    }

    /// What ``fuse(_:conversation:)`` gave, in its last order.
    ///
    /// - Parameter leftOut: names of features that take no part.
    public func rank(
        _ fused: [ScoredPassage],
        question: String,
        without leftOut: Set<String> = []
    ) -> [ScoredPassage] {
        features.rank(fused, question: question, without: leftOut)
    }
}
