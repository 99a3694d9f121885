/// How answers are to be written: the same in every question of a run.
public struct PinnedOptions: Hashable, Sendable, Codable {
    public var temperature: Double
    public var topK: Int
    public var seed: Int
    public var maximumTokens: Int
    /// The most tokens of prompt and answer together (`num_ctx`); `nil` until the first answer has told the model's.
    public var contextLength: Int?

    public init(
        temperature: Double = 0, topK: Int = 1, seed: Int = 1, maximumTokens: Int = 600, contextLength: Int? = nil
    ) {
        self.temperature = temperature
        self.topK = topK
        self.seed = seed
        self.maximumTokens = maximumTokens
        self.contextLength = contextLength
    }

    /// For reports.
    public var summary: String {
        "temperature \(temperature), top_k \(topK), seed \(seed), at most \(maximumTokens) tokens, "
            + (contextLength.map { "context of \($0)" } ?? "context unknown")
    }
}
