/// What a search for a question found, and how.
public struct Retrieval: Hashable, Sendable {
    /// The best first.
    public var passages: [ScoredPassage]
    /// The index that was searched.
    public var index: IndexReference
    /// The fingerprint of the encoder that made it.
    public var encoder: String
    /// Why passages, or some of them, were found by their words alone and not by their meaning; `nil` if both took part.
    public var lexicalOnly: String?

    public init(passages: [ScoredPassage], index: IndexReference, encoder: String, lexicalOnly: String? = nil) {
        self.passages = passages
        self.index = index
        self.encoder = encoder
        self.lexicalOnly = lexicalOnly
    }
}
