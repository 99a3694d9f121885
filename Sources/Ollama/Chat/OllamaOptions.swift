/// How a model is run. `nil` leaves a value to the model's own settings.
public struct OllamaOptions: Sendable, Hashable, Encodable {
    /// Tokens of the context. Another value than the last request's makes the server load the model anew.
    public var contextLength: Int?
    /// The most tokens to write.
    public var maximumTokens: Int?
    public var temperature: Double?
    public var seed: Int?
    public var topP: Double?
    public var topK: Int?
    public var stop: [String]?
    public var presencePenalty: Double?
    public var frequencyPenalty: Double?
    /// Threads of the CPU that the model may use.
    public var threads: Int?

    public init(
        contextLength: Int? = nil,
        maximumTokens: Int? = nil,
        temperature: Double? = nil,
        seed: Int? = nil,
        topP: Double? = nil,
        topK: Int? = nil,
        stop: [String]? = nil,
        presencePenalty: Double? = nil,
        frequencyPenalty: Double? = nil,
        threads: Int? = nil
    ) {
        self.contextLength = contextLength
        self.maximumTokens = maximumTokens
        self.temperature = temperature
        self.seed = seed
        self.topP = topP
        self.topK = topK
        self.stop = stop
        self.presencePenalty = presencePenalty
        self.frequencyPenalty = frequencyPenalty
        self.threads = threads
    }

    private enum CodingKeys: String, CodingKey {
        case contextLength = "num_ctx"
        case maximumTokens = "num_predict"
        case temperature, seed, stop
        case topP = "top_p"
        case topK = "top_k"
        case presencePenalty = "presence_penalty"
        case frequencyPenalty = "frequency_penalty"
        case threads = "num_thread"
    }
}
