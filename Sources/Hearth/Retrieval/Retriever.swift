public import Logging

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
            lexicalWeight: Double = 0.6,
            denseWeight: Double = 0.4,
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

    private let encoders: Encoders
    private let index: any PassageIndex
    private let settings: Settings
    private let logger: Logger
    private let ranking: Ranking

    public init(encoders: Encoders, index: any PassageIndex, settings: Settings = Settings(), logger: Logger) {
        self.encoders = encoders
        self.index = index
        self.settings = settings
        self.logger = logger
        ranking = Ranking(settings)
    }

    /// The best passages; the same index and question give the same order, always. `nil` if the project has no index.
    ///
    /// Where the encoder that made the index does not work, or has not come to all passages yet, passages are found by their
    /// words alone, and the result says so.
    /// - Parameter earlier: the questions asked before in the conversation, oldest first: "and where is it tested?"
    ///   means nothing without them.
    /// - Throws: ``StoreError``.
    public func retrieve(
        _ question: String,
        earlier: [String] = [],
        filter: PassageFilter = PassageFilter(),
        limit: Int,
        in project: Project
    ) async throws -> Retrieval? {
        guard let active = try await index.active(of: project.id) else { return nil }
        let texts = Texts(question: question, earlier: earlier.suffix(settings.conversationDepth))
        do {
            return try await retrieve(texts, filter: filter, limit: limit, in: active, of: project)
        } catch let error as StoreError where error.code == .notFound {
            // Another generation may have taken its place meanwhile.
            guard let next = try await index.active(of: project.id), next != active else { throw error }
            return try await retrieve(texts, filter: filter, limit: limit, in: next, of: project)
        }
    }

    /// What is searched for.
    private struct Texts {
        let question: String
        /// The conversation up to the question; `nil` if it is the first.
        let conversation: String?

        init(question: String, earlier: ArraySlice<String>) {
            self.question = question
            conversation = earlier.isEmpty ? nil : (Array(earlier) + [question]).joined(separator: "\n")
        }
    }

    private func retrieve(
        _ texts: Texts,
        filter: PassageFilter,
        limit: Int,
        in reference: IndexReference,
        of project: Project
    ) async throws -> Retrieval {
        let generation = try await index.generation(of: reference)
        var vectors: [[Float]?] = [nil, nil]
        var lexicalOnly: String?
        do {
            let encoder = try await encoders.encoder(thatMade: generation, of: project)
            vectors = [
                try await vector(of: texts.question, by: encoder),
                try await vector(of: texts.conversation, by: encoder),
            ]
        } catch let error as EncoderError {
            logger.warning("searched by words alone", metadata: ["project": "\(project.id)", "error": "\(error)"])
            lexicalOnly = "Searched by words alone, not by meaning: \(error.message)"
        }
        let candidates = try await search(texts.question, vectors[0], filter: filter, in: reference)
        var more: PassageCandidates?
        if let conversation = texts.conversation {
            more = try await search(conversation, vectors[1], filter: filter, in: reference)
        }
        if candidates.unembedded > 0, lexicalOnly == nil {
            lexicalOnly = Self.notice(unembedded: candidates.unembedded)
        }
        let ranked = ranking.rank(ranking.fuse(candidates, conversation: more), question: texts.question)
        return Retrieval(
            passages: Array(ranked.prefix(limit)), index: reference, encoder: generation.encoder,
            lexicalOnly: lexicalOnly)
    }

    private static func notice(unembedded count: Int) -> String {
        let subject = count == 1 ? "1 passage has" : "\(count) passages have"
        return "\(subject) no vector yet: found by words alone so far. Ask again when all are there."
    }

    private func vector(of text: String?, by encoder: any Encoder) async throws -> [Float]? {
        guard let text, !text.isEmpty else { return nil }
        return try await encoder.encode(question: text).vector
    }

    private func search(
        _ text: String,
        _ vector: [Float]?,
        filter: PassageFilter,
        in reference: IndexReference
    ) async throws -> PassageCandidates {
        let query = PassageQuery(text: text, vector: vector, filter: filter, limit: settings.candidates)
        return try await index.search(query, in: reference)
    }
}
