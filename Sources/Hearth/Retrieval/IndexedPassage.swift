/// A passage with what it is found by.
public struct IndexedPassage: Hashable, Sendable {
    public let passage: Passage
    /// Of length 1, in the dimension of the generation; `nil` if it was not computed yet: then the passage is found by its
    /// words and names alone.
    public let vector: [Float]?
    /// ``NameKeys`` of the names that are declared in it; none in the inside of a declaration that began before it.
    public let nameKeys: [String]

    public init(passage: Passage, vector: [Float]?, nameKeys: [String] = []) {
        self.passage = passage
        self.vector = vector
        self.nameKeys = nameKeys
    }
}
