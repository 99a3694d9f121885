/// What retrieval put before the generator.
public struct RetrievalReport: Hashable, Sendable, Codable {
    /// The passages of the prompt, in the order of their numbers.
    public var passages: [PassageReference]
    public var promptHash: String
    /// The fingerprint of the encoder that made the index; empty where none was searched.
    public var encoder: String
    public var generation: IndexGeneration.Name?
    /// Why passages, or some of them, were found by their words alone and not by their meaning; `nil` if both took part.
    public var lexicalOnly: String?

    public init(
        passages: [PassageReference],
        promptHash: String,
        encoder: String,
        generation: IndexGeneration.Name?,
        lexicalOnly: String? = nil
    ) {
        self.passages = passages
        self.promptHash = promptHash
        self.encoder = encoder
        self.generation = generation
        self.lexicalOnly = lexicalOnly
    }
}
