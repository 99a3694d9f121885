/// What the encoder could not do.
public struct MiniLMError: Error, Sendable, CustomStringConvertible {
    public enum Code: String, Sendable {
        /// The model's files are not where they should be.
        case assetsMissing
        case corruptWeights
        case corruptVocabulary
        /// A text has more tokens than the model takes.
        case tooLong
        /// This processor cannot do what was asked for, or oneDNN refused.
        case engine
    }

    public let code: Code
    /// One sentence: what failed and what to do next.
    public let description: String
    /// None of these goes away by trying again.
    public var isRetriable: Bool { false }

    init(_ code: Code, _ description: String) {
        self.code = code
        self.description = description
    }
}
