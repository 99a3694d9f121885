import Hearth

/// A message of a conversation.
public struct TimelineEntry: Sendable, Decodable {
    public let role: String
    public let text: String
    public let correlationID: String
    /// How an answer was written; `nil` for questions.
    public let options: PinnedOptions?

    public init(role: String, text: String, correlationID: String, options: PinnedOptions? = nil) {
        self.role = role
        self.text = text
        self.correlationID = correlationID
        self.options = options
    }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        role = try container.decode(String.self, forKey: .role)
        text = try container.decode(String.self, forKey: .text)
        correlationID = try container.decode(String.self, forKey: .correlationID)
        let provenance = try container.decodeIfPresent(Written.self, forKey: .provenance)
        options = provenance.flatMap { written in
            let options = written.options
            guard let temperature = options.temperature, let topK = options.topK, let seed = options.seed,
                let maximumTokens = options.maximumTokens
            else { return nil }
            return PinnedOptions(
                temperature: temperature, topK: topK, seed: seed, maximumTokens: maximumTokens,
                contextLength: options.contextLength)
        }
    }

    private struct Written: Decodable { let options: GenerationOptions }

    enum CodingKeys: String, CodingKey {
        case role, text, provenance
        case correlationID = "correlation_id"
    }
}
