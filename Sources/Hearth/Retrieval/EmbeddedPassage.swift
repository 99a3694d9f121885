/// A passage with its vector.
public struct EmbeddedPassage: Hashable, Sendable {
    public let passage: Passage
    /// Of length 1, in the dimension of the generation.
    public let vector: [Float]

    public init(passage: Passage, vector: [Float]) {
        self.passage = passage
        self.vector = vector
    }
}
