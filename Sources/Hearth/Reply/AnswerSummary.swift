/// How an answer ended.
public struct AnswerSummary: Hashable, Sendable, Codable {
    public var finishReason: FinishReason
    public var usage: TokenUsage
    /// The passages that the answer cites, in the order of first mention.
    public var citations: [Citation]
    /// Markers that named no passage and were taken out.
    public var removedMarkers: Int
    /// Who wrote it, for example `ollama/llama3.1:8b` or `extractive`.
    public var generator: String
    /// Seconds spent in each stage of the last attempt: `queue`, `retrieve`, `prompt`, `firstToken`, `generate`.
    public var stageSeconds: [String: Double]

    public init(
        finishReason: FinishReason,
        usage: TokenUsage,
        citations: [Citation] = [],
        removedMarkers: Int = 0,
        generator: String,
        stageSeconds: [String: Double] = [:]
    ) {
        self.finishReason = finishReason
        self.usage = usage
        self.citations = citations
        self.removedMarkers = removedMarkers
        self.generator = generator
        self.stageSeconds = stageSeconds
    }
}
