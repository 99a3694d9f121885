public import Hearth

/// An encoder for tests: each word adds to the place that its hash names. Texts that share words are near each other.
public struct HashedWordEncoder: Hearth.Encoder {
    public let identity: EncoderIdentity

    public init(dimension: Int = 64, maximumTokens: Int = 254) {
        identity = EncoderIdentity(
            name: "hashed-words", dimension: dimension, maximumTokens: maximumTokens,
            fingerprint: "hashed-words-\(dimension)")
    }

    public func tokenCount(of text: Substring) -> Int { text.split(whereSeparator: \.isWhitespace).count }

    public func encode(_ texts: [String]) async throws -> [[Float]] {
        try texts.map { text in
            guard tokenCount(of: text[...]) <= identity.maximumTokens else {
                throw EncoderError(.tooLong, "The text is too long for the encoder. Cut it.")
            }
            return vector(of: IdentifierWords.split(text))
        }
    }

    public func encode(question: String) async throws -> QuestionVector {
        let words = question.split(whereSeparator: \.isWhitespace)
        let kept = words.prefix(identity.maximumTokens).joined(separator: " ")
        return QuestionVector(
            vector: vector(of: IdentifierWords.split(kept)), isTruncated: words.count > identity.maximumTokens)
    }

    private func vector(of words: [String]) -> [Float] {
        var vector = [Float](repeating: 0, count: identity.dimension)
        for word in words {
            let hash = word.utf8.reduce(UInt64(14_695_981_039_346_656_037)) { ($0 ^ UInt64($1)) &* 1_099_511_628_211 }
            vector[Int(hash % UInt64(identity.dimension))] += 1
        }
        let length = vector.reduce(0) { $0 + $1 * $1 }.squareRoot()
        return length > 0 ? vector.map { $0 / length } : [1] + vector.dropFirst()
    }
}
