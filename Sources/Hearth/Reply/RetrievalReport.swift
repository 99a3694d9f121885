/// What retrieval put before the generator.
public struct RetrievalReport: Hashable, Sendable, Codable {
    /// The passages of the prompt, in the order of their numbers.
    public var passages: [PassageReference]
    public var promptHash: String
    public var encoder: String
    public var generation: IndexGeneration.Name?

    public init(
        passages: [PassageReference],
        promptHash: String,
        encoder: String,
        generation: IndexGeneration.Name?
    ) {
        self.passages = passages
        self.promptHash = promptHash
        self.encoder = encoder
        self.generation = generation
    }
}
