/// How the generator is to write. `nil` leaves a choice to the generator.
public struct GenerationOptions: Hashable, Sendable, Codable {
    /// The form that the answer must have.
    public enum ResponseFormat: Hashable, Sendable, Codable {
        case text
        case jsonObject
        /// The JSON schema, as the client sent it.
        case jsonSchema(String)
    }

    public var temperature: Double?
    public var topP: Double?
    public var topK: Int?
    public var seed: Int?
    /// The most tokens to write.
    public var maximumTokens: Int?
    /// The most tokens of prompt and answer together; the model's own counts where it is less.
    public var contextLength: Int?
    /// Texts at which writing ends; they are not part of the answer.
    public var stop: [String]
    public var presencePenalty: Double?
    public var frequencyPenalty: Double?
    public var responseFormat: ResponseFormat

    public init(
        temperature: Double? = nil,
        topP: Double? = nil,
        topK: Int? = nil,
        seed: Int? = nil,
        maximumTokens: Int? = nil,
        contextLength: Int? = nil,
        stop: [String] = [],
        presencePenalty: Double? = nil,
        frequencyPenalty: Double? = nil,
        responseFormat: ResponseFormat = .text
    ) {
        self.temperature = temperature
        self.topP = topP
        self.topK = topK
        self.seed = seed
        self.maximumTokens = maximumTokens
        self.contextLength = contextLength
        self.stop = stop
        self.presencePenalty = presencePenalty
        self.frequencyPenalty = frequencyPenalty
        self.responseFormat = responseFormat
    }
}
