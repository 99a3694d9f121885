/// A text's vector.
public struct SentenceEmbedding: Sendable, Hashable {
    /// 384 numbers, of length 1.
    public let vector: [Float]
    /// Tokens of the whole text, the two special ones included.
    public let tokenCount: Int
    /// Whether the end of the text was left out.
    public let isTruncated: Bool
}
