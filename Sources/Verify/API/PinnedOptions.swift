/// How answers are to be written: the same in every question of a run.
public struct PinnedOptions: Hashable, Sendable, Codable {
    public var temperature: Double
    public var topK: Int
    public var seed: Int
    public var maximumTokens: Int

    public init(temperature: Double = 0, topK: Int = 1, seed: Int = 1, maximumTokens: Int = 600) {
        self.temperature = temperature
        self.topK = topK
        self.seed = seed
        self.maximumTokens = maximumTokens
    }

    /// For reports.
    public var summary: String {
        "temperature \(temperature), top_k \(topK), seed \(seed), at most \(maximumTokens) tokens"
    }
}
