/// What an evaluation could not do.
public struct EvaluationError: Error, Sendable, CustomStringConvertible {
    public enum Code: String, Sendable {
        /// Two runs that have too little in common.
        case notComparable
        /// The codebase is good for no question of the wanted kinds.
        case noQuestions
        /// The history cannot be read.
        case history
    }

    public let code: Code
    /// One sentence: what failed and what to do next.
    public let message: String

    public init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    /// Nothing of it passes by itself.
    public var isRetriable: Bool { false }
    public var description: String { message }
}
