/// Where and how ``OpenAIGenerator`` asks.
public struct OpenAIGeneratorSettings: Sendable, Hashable {
    /// The address up to and with the version, for example `http://127.0.0.1:8000/v1`.
    public var baseURL: String
    public var apiKey: String?
    /// The model that answers where none is named; the first that the server lists if `nil`.
    public var model: String?
    /// Tokens of prompt and answer together, where the server does not tell (`max_model_len`).
    public var contextLength: Int
    /// How freely a model writes where the question does not say; low, since answers quote code.
    public var temperature: Double
    /// Whether the server goes on with a given beginning of an answer. vLLM does (`continue_final_message`); other
    /// servers ignore the field and would begin anew in the middle of a text, so it is off unless somebody knows.
    public var continuesAnswers: Bool

    public init(
        baseURL: String,
        apiKey: String? = nil,
        model: String? = nil,
        contextLength: Int = 8192,
        temperature: Double = 0.2,
        continuesAnswers: Bool = false
    ) {
        self.baseURL = baseURL.hasSuffix("/") ? String(baseURL.dropLast()) : baseURL
        self.apiKey = apiKey.flatMap { $0.isEmpty ? nil : $0 }
        self.model = model
        self.contextLength = contextLength
        self.temperature = temperature
        self.continuesAnswers = continuesAnswers
    }
}
