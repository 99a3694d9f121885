/// What came back for a question.
public enum Reply: Hashable, Sendable {
    case answer(GivenAnswer)
    /// The server said no.
    case refusal(status: Int, code: String, message: String)
}

/// An answer with everything that the API tells of it.
public struct GivenAnswer: Hashable, Sendable {
    public var text: String
    public var finishReason: String
    public var promptTokens: Int
    public var completionTokens: Int
    public var origin: AnswerOrigin

    public init(
        text: String,
        finishReason: String = "stop",
        promptTokens: Int = 0,
        completionTokens: Int = 0,
        origin: AnswerOrigin = AnswerOrigin()
    ) {
        self.text = text
        self.finishReason = finishReason
        self.promptTokens = promptTokens
        self.completionTokens = completionTokens
        self.origin = origin
    }
}
