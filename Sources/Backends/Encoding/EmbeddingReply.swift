import OpenAI

/// What is read of a server's reply to `/embeddings`.
struct EmbeddingReply: Decodable, Sendable {
    struct Item: Decodable, Sendable {
        let index: Int?
        let embedding: EmbeddingVector
    }

    struct Usage: Decodable, Sendable {
        let promptTokens: Int?

        enum CodingKeys: String, CodingKey { case promptTokens = "prompt_tokens" }
    }

    let data: [Item]
    let usage: Usage?

    /// In the order of the texts; empty if the reply does not tell whose they are.
    var vectors: [[Float]] {
        let places = data.enumerated().map { $1.index ?? $0 }
        guard places.sorted() == Array(data.indices) else { return [] }
        return zip(places, data).sorted { $0.0 < $1.0 }.compactMap { $1.embedding.numbers }
    }
}
