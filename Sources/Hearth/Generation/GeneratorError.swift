/// What a generator could not do.
public struct GeneratorError: Error, Sendable, CustomStringConvertible {
    public enum Code: String, Sendable {
        /// It does not answer, or broke off. Retriable.
        case unavailable
        /// It answered that it has too much to do. Retriable.
        case overloaded
        case modelNotFound
        /// The prompt does not fit into the context, or the server cut it silently.
        case contextLengthExceeded
        /// It will not do this request.
        case refused
        /// What it sent could not be understood.
        case malformedReply
    }

    public let code: Code
    /// One sentence: what failed and what to do next.
    public let message: String
    public let underlying: (any Error)?

    public init(_ code: Code, _ message: String, underlying: (any Error)? = nil) {
        self.code = code
        self.message = message
        self.underlying = underlying
    }

    public var isRetriable: Bool {
        switch code {
        case .unavailable, .overloaded, .malformedReply: true
        case .modelNotFound, .contextLengthExceeded, .refused: false
        }
    }

    public var description: String { underlying.map { "\(message) (\($0))" } ?? message }
}
