/// All that a generator gets to read.
public struct Prompt: Hashable, Sendable {
    /// The finished messages, instructions and context included, in order.
    public let messages: [ChatMessage]
    /// The question alone.
    public let question: String
    /// The passages that the messages hold, in the order of their numbers from 1.
    public let passages: [Passage]
    /// Estimated tokens of the messages; never far below the real count.
    public let estimatedTokens: Int

    public init(messages: [ChatMessage], question: String, passages: [Passage], estimatedTokens: Int) {
        self.messages = messages
        self.question = question
        self.passages = passages
        self.estimatedTokens = estimatedTokens
    }

    /// Names the prompt: equal prompts have equal hashes.
    public var hash: String {
        Digest.sha256(of: messages.flatMap { [$0.role.rawValue, $0.content] })
    }
}
