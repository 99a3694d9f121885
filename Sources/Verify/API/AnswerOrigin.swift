/// The field `hearth` of an answer: where it came from.
public struct AnswerOrigin: Hashable, Sendable, Codable {
    public var correlationID = ""
    public var sessionID = ""
    public var project: String?
    public var generation: String?
    public var encoder: String?
    public var lexicalOnly: String?
    public var generator: String?
    public var generatorDigest: String?
    /// The most tokens that prompt and answer could have together.
    public var contextLength: Int?
    public var promptHash: String?
    public var citations: [SourcePlace] = []
    /// Every passage of the prompt, in the order of its number.
    public var passages: [SourcePlace] = []
    public var removedMarkers = 0

    public init() {}

    enum CodingKeys: String, CodingKey {
        case project, generation, encoder, generator, citations, passages
        case correlationID = "correlation_id"
        case sessionID = "session_id"
        case lexicalOnly = "lexical_only"
        case generatorDigest = "generator_digest"
        case contextLength = "context_length"
        case promptHash = "prompt_hash"
        case removedMarkers = "removed_markers"
    }
}
