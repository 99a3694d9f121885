/// One line of a chat reply.
public struct OllamaChatReply: Sendable, Hashable {
    /// The next piece of the answer; may be empty.
    public var text: String
    /// The next piece of the model's thoughts; may be empty.
    public var thinking: String
    /// Set in the last line.
    public var ending: Ending?

    /// How a reply ended, and what it took.
    public struct Ending: Sendable, Hashable {
        /// `stop`, `length`, `load` or `unload`.
        public var reason: String
        /// Tokens of the prompt. Absent where the server took all of it from its cache.
        public var promptTokens: Int?
        /// Tokens that were written.
        public var writtenTokens: Int?

        public init(reason: String, promptTokens: Int?, writtenTokens: Int?) {
            self.reason = reason
            self.promptTokens = promptTokens
            self.writtenTokens = writtenTokens
        }
    }

    public init(text: String, thinking: String = "", ending: Ending? = nil) {
        self.text = text
        self.thinking = thinking
        self.ending = ending
    }
}
