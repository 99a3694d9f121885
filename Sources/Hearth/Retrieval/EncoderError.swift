/// What an encoder could not do.
public struct EncoderError: Error, Sendable, CustomStringConvertible {
    public enum Code: String, Sendable {
        /// It does not answer. Retriable.
        case unavailable
        /// A text has more tokens than the encoder takes.
        case tooLong
        /// The vectors have another dimension than was agreed.
        case dimensionMismatch
        /// It will not do this request.
        case refused
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

    public var isRetriable: Bool { code == .unavailable }
    public var description: String { underlying.map { "\(message) (\($0))" } ?? message }
}
