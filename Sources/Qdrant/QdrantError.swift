/// What a Qdrant, or the way to it, could not do.
public struct QdrantError: Error, Sendable, CustomStringConvertible {
    public enum Code: String, Sendable {
        /// Nobody answers at the address. Retriable.
        case unreachable
        /// The server did not answer within the time for the call. Retriable.
        case timedOut
        /// A shard is away, or a proxy does not reach the server. Retriable.
        case unavailable
        /// Too many requests; the error says when to come back. Retriable.
        case rateLimited
        /// The server failed at this request. Retriable.
        case failed
        /// The write is taken but not done yet; to write it again does no harm. Retriable.
        case incomplete
        /// The disk or the quota is full.
        case full
        /// The key is missing or wrong.
        case unauthorized
        /// The key does not allow it, or the server is locked.
        case forbidden
        /// There is no such collection.
        case notFound
        /// There is one already.
        case alreadyExists
        /// The request can never succeed, for example because of a vector's dimension.
        case invalid
        /// The request is larger than the server takes.
        case tooLarge
        /// The server is too old.
        case unsupported
        /// The reply is none that Qdrant would send.
        case malformedReply
    }

    public let code: Code
    /// What failed and what to do next; the server's own words where it said any.
    public let message: String
    /// The HTTP status, where there was one.
    public let status: Int?
    /// When the server wants to be asked again.
    public let retryAfter: Duration?
    public let underlying: (any Error)?

    public init(
        _ code: Code,
        _ message: String,
        status: Int? = nil,
        retryAfter: Duration? = nil,
        underlying: (any Error)? = nil
    ) {
        self.code = code
        self.message = message
        self.status = status
        self.retryAfter = retryAfter
        self.underlying = underlying
    }

    /// Whether the same call may succeed later.
    public var isRetriable: Bool {
        switch code {
        case .unreachable, .timedOut, .unavailable, .rateLimited, .failed, .incomplete: true
        case .full, .unauthorized, .forbidden, .notFound, .alreadyExists, .invalid, .tooLarge, .unsupported,
            .malformedReply:
            false
        }
    }

    public var description: String { underlying.map { "\(message) (\($0))" } ?? message }
}
