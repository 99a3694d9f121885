/// The reply to an ``EmbeddingRequest``.
public struct EmbeddingList: Hashable, Sendable, Codable {
    /// The vector of one input.
    public struct Embedding: Hashable, Sendable, Codable {
        /// Always `embedding`.
        public var object: String
        /// The place of the text in the request.
        public var index: Int
        public var embedding: EmbeddingVector

        public init(index: Int, embedding: EmbeddingVector) {
            object = "embedding"
            self.index = index
            self.embedding = embedding
        }
    }

    public struct Usage: Hashable, Sendable, Codable {
        public var promptTokens: Int
        public var totalTokens: Int

        public init(promptTokens: Int) {
            self.promptTokens = promptTokens
            totalTokens = promptTokens
        }

        enum CodingKeys: String, CodingKey {
            case promptTokens = "prompt_tokens"
            case totalTokens = "total_tokens"
        }
    }

    /// Always `list`.
    public var object: String
    public var data: [Embedding]
    public var model: String
    public var usage: Usage

    public init(model: String, data: [Embedding], usage: Usage) {
        object = "list"
        self.data = data
        self.model = model
        self.usage = usage
    }
}
