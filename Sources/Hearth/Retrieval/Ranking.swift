/// From an index's candidates to the order that a person sees: fusion of the lists, then the rank features. Pure.
public struct Ranking: Sendable {
    private let settings: Retriever.Settings
    private let fusion: RankFusion
    /// What comes after fusion.
    public let features: RankFeatures

    public init(
        _ settings: Retriever.Settings = Retriever.Settings(),
        fusion: RankFusion = RankFusion(),
        features: RankFeatures = RankFeatures()
    ) {
        self.settings = settings
        self.fusion = fusion
        self.features = features
    }

    /// Joins the lists of a search, best first.
    ///
    /// - Parameter conversation: what the conversation so far would find.
    public func fuse(_ candidates: PassageCandidates, conversation: PassageCandidates? = nil) -> [ScoredPassage] {
        var lists: [RankFusion.Weighted] = [
            .init("bm25", weight: settings.lexicalWeight, candidates.lexical),
            .init("cosine", weight: settings.denseWeight, candidates.dense),
        ]
        if let conversation {
            let share = settings.conversationWeight
            lists.append(.init("conversationBM25", weight: settings.lexicalWeight * share, conversation.lexical))
            lists.append(.init("conversationCosine", weight: settings.denseWeight * share, conversation.dense))
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
