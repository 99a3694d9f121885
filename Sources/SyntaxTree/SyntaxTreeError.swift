/// What the parser could not do.
public struct SyntaxTreeError: Error, Sendable, CustomStringConvertible {
    public enum Code: String, Sendable {
        /// The runtime or the grammars are not where they should be.
        case assetsMissing
        /// The source is above the limit, or took longer to parse than it was given.
        case tooLarge, timedOut
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
