/// The body of `POST /v1/chat/completions`.
///
/// Decoding checks types only; what is allowed is for the server to say. Fields that are not named here are ignored.
public struct ChatCompletionRequest: Hashable, Sendable, Codable {
    public var model: String
    /// `nil` for bodies of another shape, so that the server can name the field that is missing.
    public var messages: [ChatRequestMessage]?
    public var stream: Bool?
    public var streamOptions: StreamOptions?
    public var temperature: Double?
    public var topP: Double?
    public var topK: Int?
    public var n: Int?
    public var stop: StopTexts?
    public var seed: Int?
    public var maxTokens: Int?
    public var maxCompletionTokens: Int?
    public var presencePenalty: Double?
    public var frequencyPenalty: Double?
    public var logprobs: Bool?
    public var topLogprobs: Int?
    public var responseFormat: ResponseFormat?
    public var tools: [JSONValue]?
    public var toolChoice: JSONValue?
    public var functions: [JSONValue]?
    public var user: String?
    public var metadata: [String: String]?
    public var store: Bool?

    public init(model: String, messages: [ChatRequestMessage], stream: Bool? = nil) {
        self.model = model
        self.messages = messages
        self.stream = stream
    }

    /// What a stream is to carry besides the answer.
    public struct StreamOptions: Hashable, Sendable, Codable {
        public var includeUsage: Bool?

        public init(includeUsage: Bool? = nil) { self.includeUsage = includeUsage }

        enum CodingKeys: String, CodingKey { case includeUsage = "include_usage" }
    }

    /// One text or several, at which writing ends.
    public struct StopTexts: Hashable, Sendable, Codable {
        public var texts: [String]

        public init(_ texts: [String]) { self.texts = texts }

        public init(from decoder: any Decoder) throws {
            let container = try decoder.singleValueContainer()
            if let text = try? container.decode(String.self) {
                texts = [text]
            } else {
                texts = try container.decode([String].self)
            }
        }

        public func encode(to encoder: any Encoder) throws {
            var container = encoder.singleValueContainer()
            try container.encode(texts)
        }
    }

    /// The form that the answer is to have.
    public struct ResponseFormat: Hashable, Sendable, Codable {
        /// `text`, `json_object` or `json_schema`.
        public var type: String
        public var jsonSchema: JSONValue?

        public init(type: String, jsonSchema: JSONValue? = nil) {
            self.type = type
            self.jsonSchema = jsonSchema
        }

        enum CodingKeys: String, CodingKey {
            case type
            case jsonSchema = "json_schema"
        }
    }

    enum CodingKeys: String, CodingKey {
        case model, messages, stream, temperature, n, stop, seed, logprobs, tools, functions, user, metadata, store
        case streamOptions = "stream_options"
        case topP = "top_p"
        case topK = "top_k"
        case maxTokens = "max_tokens"
        case maxCompletionTokens = "max_completion_tokens"
        case presencePenalty = "presence_penalty"
        case frequencyPenalty = "frequency_penalty"
        case topLogprobs = "top_logprobs"
        case responseFormat = "response_format"
        case toolChoice = "tool_choice"
    }
}
