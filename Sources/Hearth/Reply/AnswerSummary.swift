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
    /// The digest or version of the model that wrote it, where its provider tells it.
    public var generatorDigest: String?
    /// The most tokens that prompt and answer could have together; `nil` in answers of versions that did not tell.
    public var contextLength: Int?
    /// Seconds spent in each stage of the last attempt: `queue`, `retrieve`, `prompt`, `firstToken`, `generate`.
    public var stageSeconds: [String: Double]

    public init(
        finishReason: FinishReason,
        usage: TokenUsage,
        citations: [Citation] = [],
        removedMarkers: Int = 0,
        generator: String,
        generatorDigest: String? = nil,
        contextLength: Int? = nil,
        stageSeconds: [String: Double] = [:]
    ) {
        self.finishReason = finishReason
        self.usage = usage
        self.citations = citations
        self.removedMarkers = removedMarkers
        self.generator = generator
        self.generatorDigest = generatorDigest
        self.contextLength = contextLength
        self.stageSeconds = stageSeconds
    }
}
