/// Tokens of one answer.
public struct TokenUsage: Hashable, Sendable, Codable {
    /// Tokens of the prompt, injected context included.
    public var prompt: Int
    public var completion: Int
    public var total: Int { prompt + completion }

    public init(prompt: Int = 0, completion: Int = 0) {
        self.prompt = prompt
        self.completion = completion
    }
}
