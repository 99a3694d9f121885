/// A question's vector.
public struct QuestionVector: Hashable, Sendable {
    public let vector: [Float]
    /// Whether the end of the question was left out because it is too long for the encoder.
    public let isTruncated: Bool

    public init(vector: [Float], isTruncated: Bool) {
        self.vector = vector
        self.isTruncated = isTruncated
    }
}
