/// The reply of `/api/embed`.
public struct OllamaEmbedReply: Sendable, Hashable, Decodable {
    /// In the order of the inputs.
    public let embeddings: [[Float]]
    /// Tokens of all inputs; absent where the server does not tell.
    public let promptTokens: Int?

    private enum CodingKeys: String, CodingKey {
        case embeddings
        case promptTokens = "prompt_eval_count"
    }
}
