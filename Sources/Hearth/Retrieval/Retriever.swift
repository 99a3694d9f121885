/// Finds the passages that answer a question.
public struct Retriever: Sendable {
    /// How a search is weighed.
    public struct Settings: Sendable, Hashable {
        /// The most candidates that each half of the index gives.
        public var candidates: Int
        public var lexicalWeight: Double
        public var denseWeight: Double
        /// How much a search for the conversation so far counts beside the one for the last question.
        public var conversationWeight: Double
        /// How many earlier questions take part.
        public var conversationDepth: Int

        public init(
            candidates: Int = 60,
            lexicalWeight: Double = 0.4,
            denseWeight: Double = 0.6,
            conversationWeight: Double = 0.4,
            conversationDepth: Int = 2
        ) {
            self.candidates = candidates
            self.lexicalWeight = lexicalWeight
            self.denseWeight = denseWeight
            self.conversationWeight = conversationWeight
            self.conversationDepth = conversationDepth
        }
    }

    private let encoder: any Encoder
    private let index: any PassageIndex
    private let settings: Settings
    private let fusion = RankFusion()
    private let symbols = SymbolMatch()
    private let damping = TestDamping()

    public init(encoder: any Encoder, index: any PassageIndex, settings: Settings = Settings()) {
        self.encoder = encoder
        self.index = index
        self.settings = settings
    }

    /// The best passages, the best first; the same index and question give the same order, always.
    ///
    /// - Parameter earlier: the questions asked before in the conversation, oldest first: "and where is it tested?"
    ///   means nothing without them.
    /// - Throws: ``EncoderError`` or ``StoreError``.
    public func retrieve(
        _ question: String,
        earlier: [String] = [],
        filter: PassageFilter = PassageFilter(),
        limit: Int,
        in reference: IndexReference
    ) async throws -> [ScoredPassage] {
        let candidates = try await search(question, filter: filter, in: reference)
        var lists: [RankFusion.Weighted] = [
            .init("bm25", weight: settings.lexicalWeight, candidates.lexical),
            .init("cosine", weight: settings.denseWeight, candidates.dense),
        ]
        let context = earlier.suffix(settings.conversationDepth)
        if !context.isEmpty {
            let conversation = (Array(context) + [question]).joined(separator: "\n")
            let more = try await search(conversation, filter: filter, in: reference)
            let share = settings.conversationWeight
            lists.append(.init("conversationBM25", weight: settings.lexicalWeight * share, more.lexical))
            lists.append(.init("conversationCosine", weight: settings.denseWeight * share, more.dense))
        }
        let ranked = damping.rank(symbols.rank(fusion.fuse(lists), question: question), question: question)
        return Array(ranked.prefix(limit))
    }

    private func search(
        _ text: String,
        filter: PassageFilter,
        in reference: IndexReference
    ) async throws -> PassageCandidates {
        let vector = text.isEmpty ? nil : try await encoder.encode(question: text).vector
        let query = PassageQuery(text: text, vector: vector, filter: filter, limit: settings.candidates)
        return try await index.search(query, in: reference)
    }
}
