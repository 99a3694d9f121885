public import Hearth

/// Encodes with a server that speaks OpenAI's `/v1/embeddings`.
public struct OpenAIEncoder: Hearth.Encoder {
    /// A tokenizer puts one token before a text and one behind it.
    private static let specialTokens = 2
    /// Of servers that do not tell: what the smallest models have, and what is enough.
    private static let contexts = (smallest: 512, enough: 1024)
    private static let documentLimit = Duration.seconds(600)
    /// Then words alone are a better answer than none.
    private static let questionLimit = Duration.seconds(30)

    public let identity: EncoderIdentity
    private let server: OpenAIEmbeddingServer

    /// Asks the server what the model is.
    ///
    /// - Throws: ``EncoderError``: `unavailable` if the server does not answer, `refused` if it has no such model.
    public init(model: String, server: OpenAIEmbeddingServer) async throws {
        self.server = server
        let listing = try await server.listing(of: model)
        let probe = try await server.embed(["probe"], model: model, within: Self.documentLimit)
        guard let dimension = probe.vectors.first?.count, dimension > 0 else {
            throw EncoderError(.refused, "'\(model)' of \(server.baseURL) makes no vectors. Choose another model.")
        }
        var context = listing?.contextLength
        if context == nil { context = try await Self.context(of: model, server: server) }
        identity = EncoderIdentity(
            name: model, dimension: dimension,
            maximumTokens: (context ?? Self.contexts.smallest) - Self.specialTokens,
            fingerprint: Self.fingerprint(model, listing: listing, dimension: dimension))
    }

    public func tokenCount(of text: Substring) -> Int { ByteTokens.count(of: text) }

    public func encode(_ texts: [String]) async throws -> [[Float]] {
        try refuseTooLong(texts)
        return try await encode(texts, within: Self.documentLimit)
    }

    public func encode(question: String) async throws -> QuestionVector {
        let text = ByteTokens.prefix(of: question, limit: identity.maximumTokens)
        let vector = try await encode([text], within: Self.questionLimit)[0]
        return QuestionVector(vector: vector, isTruncated: text.utf8.count < question.utf8.count)
    }

    public func confirm() async throws {
        let listing = try await server.listing(of: identity.name)
        let probe = try await server.embed(["probe"], model: identity.name, within: Self.documentLimit)
        let dimension = probe.vectors.first?.count ?? 0
        let fingerprint = Self.fingerprint(identity.name, listing: listing, dimension: dimension)
        guard fingerprint == identity.fingerprint else {
            throw EncoderError(
                .changed,
                "'\(identity.name)' of \(server.baseURL) was replaced: it was \(identity.fingerprint) and is "
                    + "\(fingerprint). Choose it anew: hearth projects encoder <project> openai/\(identity.name)")
        }
    }

    private func encode(_ texts: [String], within limit: Duration) async throws -> [[Float]] {
        let check = ServedVectors(dimension: identity.dimension, server: server.baseURL)
        var vectors: [[Float]] = []
        for batch in EmbeddingBatches(texts) {
            // An empty input is refused.
            let reply = try await server.embed(
                batch.map { $0.isEmpty ? " " : $0 }, model: identity.name, within: limit)
            vectors += try check.checked(reply.vectors, count: batch.count)
        }
        return vectors
    }

    /// There is no digest: the model behind the id, where the server tells it, is the most that can be known.
    private static func fingerprint(_ model: String, listing: ServedModelList.Model?, dimension: Int) -> String {
        let root = listing?.root.flatMap { $0 == model ? nil : "@" + $0 } ?? ""
        return "openai/\(model)\(root)/\(dimension)"
    }

    /// Finds out by trying whether more than the smallest context is there. Servers that cut silently tell it by the
    /// number of tokens that they read.
    private static func context(of model: String, server: OpenAIEmbeddingServer) async throws -> Int {
        let text = String(repeating: "a ", count: contexts.enough + 16)
        do {
            let reply = try await server.embed([text], model: model, within: documentLimit)
            return reply.usage?.promptTokens ?? 0 >= contexts.enough ? contexts.enough : contexts.smallest
        } catch let error as EncoderError where !error.isRetriable {
            return contexts.smallest
        }
    }
}

extension Hearth.Encoder {
    /// Throws `tooLong` for a text that could be cut by the server without a word.
    func refuseTooLong(_ texts: [String]) throws(EncoderError) {
        guard let text = texts.first(where: { tokenCount(of: $0[...]) > identity.maximumTokens }) else { return }
        throw EncoderError(
            .tooLong,
            "A text of \(text.utf8.count) bytes may be longer than the \(identity.maximumTokens) tokens that "
                + "\(identity.name) takes. Cut it into smaller pieces.")
    }
}
