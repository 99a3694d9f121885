/// How ``OllamaGenerator`` runs its models.
public struct OllamaGeneratorSettings: Sendable, Hashable {
    /// The model that answers where none is named; the last installed that writes text if `nil`.
    public var model: String?
    /// Tokens of prompt and answer together. Fixed, since Ollama loads a model anew for every other value; where the
    /// model was made for less, its own length counts.
    public var contextLength: Int
    /// Other context lengths, by the full name of the model.
    public var contextLengths: [String: Int]
    /// Seconds that a model stays loaded after an answer; negative: for ever; `nil`: as the server is set.
    public var keepAliveSeconds: Int?
    /// Whether models that can are to think before they answer; `nil` leaves it to the server.
    public var thinks: Bool?
    /// How freely a model writes where the question does not say; low, since answers quote code.
    public var temperature: Double
    /// Whether models go on with a given beginning of an answer. All do whose template is Ollama's usual one.
    public var continuesAnswers: Bool

    public init(
        model: String? = nil,
        contextLength: Int = 8192,
        contextLengths: [String: Int] = [:],
        keepAliveSeconds: Int? = nil,
        thinks: Bool? = nil,
        temperature: Double = 0.2,
        continuesAnswers: Bool = true
    ) {
        self.model = model
        self.contextLength = contextLength
        self.contextLengths = contextLengths
        self.keepAliveSeconds = keepAliveSeconds
        self.thinks = thinks
        self.temperature = temperature
        self.continuesAnswers = continuesAnswers
    }
}
