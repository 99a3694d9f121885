public import Hearth
public import Ollama

/// Encodes with a model of Ollama, by `/api/embed` alone: the older `/api/embeddings` makes other vectors.
public struct OllamaEncoder: Hearth.Encoder {
    /// Of models that do not tell their context: what the smallest have.
    private static let smallestContext = 512
    /// A tokenizer puts one token before a text and one behind it.
    private static let specialTokens = 2
    /// Loading a model takes a minute or two where the disk is slow.
    private static let documentLimit = Duration.seconds(600)
    /// Then words alone are a better answer than none.
    private static let questionLimit = Duration.seconds(30)

    public let identity: EncoderIdentity
    private let client: OllamaClient
    private let model: OllamaModel

    /// Asks the server what the model is.
    ///
    /// - Throws: ``EncoderError``: `unavailable` if the server does not answer, `refused` if it has no such model.
    public init(model name: String, client: OllamaClient) async throws {
        self.client = client
        model = try await Self.model(named: name, client: client)
        let details = try await Self.explaining(client, model: name) { try await client.details(of: name) }
        let dimension: Int
        if let told = details.embeddingLength {
            dimension = told
        } else {
            let probe = OllamaEmbedRequest(model: name, input: ["probe"])
            let reply = try await Self.explaining(client, model: name) {
                try await client.embed(probe, within: Self.documentLimit)
            }
            dimension = reply.embeddings.first?.count ?? 0
        }
        guard dimension > 0 else {
            throw EncoderError(
                .refused, "'\(name)' of Ollama at \(client.baseURL) makes no vectors. Choose another model.")
        }
        let digest = model.digest.map { String($0.replacing("sha256:", with: "").prefix(12)) } ?? "unknown"
        identity = EncoderIdentity(
            name: name, dimension: dimension,
            maximumTokens: (details.contextLength ?? Self.smallestContext) - Self.specialTokens,
            fingerprint: "ollama/\(model.name)@\(digest)/\(dimension)")
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
        let now = try await Self.model(named: model.name, client: client)
        guard now.digest == model.digest else {
            throw EncoderError(
                .changed,
                "'\(model.name)' of Ollama at \(client.baseURL) was replaced by another model of that name. "
                    + "Choose it anew: hearth projects encoder <project> ollama/\(identity.name)")
        }
    }

    private func encode(_ texts: [String], within limit: Duration) async throws -> [[Float]] {
        let check = ServedVectors(dimension: identity.dimension, server: "Ollama at \(client.baseURL)")
        var vectors: [[Float]] = []
        for batch in EmbeddingBatches(texts) {
            // An empty input is left out of the reply, or refused.
            let request = OllamaEmbedRequest(model: model.name, input: batch.map { $0.isEmpty ? " " : $0 })
            let reply = try await Self.explaining(client, model: model.name) {
                try await client.embed(request, within: limit)
            }
            vectors += try check.checked(reply.embeddings, count: batch.count)
        }
        // Behind and not before: what was replaced meanwhile is found as well.
        if !texts.isEmpty { try await confirm() }
        return vectors
    }

    private static func model(named name: String, client: OllamaClient) async throws -> OllamaModel {
        try await explaining(client, model: name) {
            guard let model = try await client.models().first(where: { $0.isNamed(name) }) else {
                throw OllamaError(.modelNotFound, "model '\(name)' not found")
            }
            return model
        }
    }

    private static func explaining<Value>(
        _ client: OllamaClient,
        model: String,
        _ body: () async throws -> Value
    ) async throws -> Value {
        do {
            return try await body()
        } catch let error as OllamaError {
            throw EncoderError(error, model: model, server: "Ollama at \(client.baseURL)")
        }
    }
}

extension EncoderError {
    /// The same failure in Hearth's words.
    fileprivate init(_ error: OllamaError, model: String, server: String) {
        switch error.code {
        case .unreachable:
            self.init(.unavailable, "\(server) does not answer. Start it with 'ollama serve'.", underlying: error)
        case .interrupted, .serverFailed, .malformedReply:
            self.init(.unavailable, "\(server) broke off. Its log says why.", underlying: error)
        case .busy:
            self.init(.unavailable, "\(server) has too many requests waiting. Try again later.", underlying: error)
        case .modelNotFound:
            self.init(.refused, "\(server) has no model '\(model)'. Run: ollama pull \(model)", underlying: error)
        case .contextLengthExceeded:
            self.init(.tooLong, "'\(model)' of \(server) takes no text as long as this. Cut it.", underlying: error)
        case .refused:
            self.init(.refused, "\(error.message). Choose an encoder that makes embeddings.", underlying: error)
        }
    }
}
