/// Turns text into vectors whose angle tells how much two texts have to do with each other.
public protocol Encoder: Sendable {
    /// Which encoder it is: what its vectors can be compared with.
    var identity: EncoderIdentity { get }
    /// Tokens of `text` by the encoder's own tokenizer, without special tokens.
    ///
    /// Never less than the true count, and additive over white space: a text has no more tokens than its lines
    /// together, so that a chunker can count each line once.
    func tokenCount(of text: Substring) -> Int
    /// One vector for each text, in order. Throws ``EncoderError``; a text that is too long is refused, not cut.
    func encode(_ texts: [String]) async throws -> [[Float]]
    /// The vector of a question. One that is too long is cut, and the result says so.
    func encode(question: String) async throws -> QuestionVector
    /// Makes sure that it still is what ``identity`` says. Throws ``EncoderError``: `changed` if a server's model was
    /// replaced, `unavailable` if the server does not answer.
    func confirm() async throws
}

extension Encoder {
    /// What is computed in the process stays as it is.
    public func confirm() async throws {}
}
