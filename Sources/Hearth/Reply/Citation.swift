/// A passage that an answer refers to by its number.
public struct Citation: Hashable, Sendable, Codable {
    /// The `n` of the marker `[n]`.
    public let number: Int
    public let passage: PassageReference
    /// What it said when it was cited, so that the answer can be held against what it says now. Kept in the ledger alone.
    public let text: String?

    public init(number: Int, passage: PassageReference, text: String? = nil) {
        self.number = number
        self.passage = passage
        self.text = text
    }
}
