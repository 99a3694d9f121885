/// A request for `/api/embed`.
public struct OllamaEmbedRequest: Sendable, Hashable, Encodable {
    public var model: String
    public var input: [String]
    /// Whether an input that is too long is cut silently instead of refused.
    public var truncates: Bool
    /// Numbers of each vector, for models that can shorten theirs.
    public var dimensions: Int?
    /// Seconds that the model stays loaded; negative: for ever; `nil`: as the server is set.
    public var keepAliveSeconds: Int?
    public var options: OllamaOptions

    public init(
        model: String,
        input: [String],
        truncates: Bool = false,
        dimensions: Int? = nil,
        keepAliveSeconds: Int? = nil,
        options: OllamaOptions = OllamaOptions()
    ) {
        self.model = model
        self.input = input
        self.truncates = truncates
        self.dimensions = dimensions
        self.keepAliveSeconds = keepAliveSeconds
        self.options = options
    }

    private enum CodingKeys: String, CodingKey {
        case model, input, dimensions, options
        case truncates = "truncate"
        case keepAliveSeconds = "keep_alive"
    }
}
