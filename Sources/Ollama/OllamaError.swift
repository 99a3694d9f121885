/// What an Ollama server, or the way to it, could not do.
public struct OllamaError: Error, Sendable, CustomStringConvertible {
    public enum Code: String, Sendable {
        /// Nobody answers at the address, or not in time. Retriable.
        case unreachable
        /// The reply broke off before its last line. Retriable.
        case interrupted
        /// The server's queue is full. Retriable.
        case busy
        /// The server failed at this request, for example because its runner crashed. Retriable.
        case serverFailed
        case modelNotFound
        /// The prompt has more tokens than the model's context.
        case contextLengthExceeded
        /// The request is not one that this server or model can do.
        case refused
        /// The reply is none that Ollama would send. Retriable.
        case malformedReply
    }

    public let code: Code
    /// What failed; the server's own words where it said any.
    public let message: String
    /// The HTTP status, where there was one.
    public let status: Int?
    public let underlying: (any Error)?

    public init(_ code: Code, _ message: String, status: Int? = nil, underlying: (any Error)? = nil) {
        self.code = code
        self.message = message
        self.status = status
        self.underlying = underlying
    }

    public var isRetriable: Bool {
        switch code {
        case .unreachable, .interrupted, .busy, .serverFailed, .malformedReply: true
        case .modelNotFound, .contextLengthExceeded, .refused: false
        }
    }

    public var description: String { underlying.map { "\(message) (\($0))" } ?? message }
}
