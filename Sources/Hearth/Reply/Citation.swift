/// A passage that an answer refers to by its number.
public struct Citation: Hashable, Sendable, Codable {
    /// The `n` of the marker `[n]`.
    public let number: Int
    public let passage: PassageReference

    public init(number: Int, passage: PassageReference) {
        self.number = number
        self.passage = passage
    }
}
