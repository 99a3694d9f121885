/// Where an answer came from, in enough detail to check it against its sources or to ask again.
public struct Provenance: Hashable, Sendable, Codable {
    /// Every passage that was in the prompt, in the order of its number `[1]`, `[2]`, ….
    public var passages: [PassageReference]
    /// The passages that the answer cites.
    public var citations: [Citation]
    /// Markers that named no passage of the prompt and were taken out of the answer.
    public var removedMarkers: Int
    public var encoder: String
    public var generation: IndexGeneration.Name?
    public var generator: String
    public var promptHash: String
    public var options: GenerationOptions

    public init(
        passages: [PassageReference],
        citations: [Citation],
        removedMarkers: Int,
        encoder: String,
        generation: IndexGeneration.Name?,
        generator: String,
        promptHash: String,
        options: GenerationOptions
    ) {
        self.passages = passages
        self.citations = citations
        self.removedMarkers = removedMarkers
        self.encoder = encoder
        self.generation = generation
        self.generator = generator
        self.promptHash = promptHash
        self.options = options
    }
}
