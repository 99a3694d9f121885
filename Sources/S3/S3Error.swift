/// What an S3 server, or the way to it, could not do.
public struct S3Error: Error, Sendable, CustomStringConvertible {
    public enum Code: String, Sendable {
        /// Nobody answers at the address, or not in time. Retriable.
        case unreachable
        /// Over TLS the server could not prove who it is: its authority is not trusted, or its certificate is another host's.
        case untrusted
        /// The connection broke in the middle of a reply or of a body. Retriable.
        case interrupted
        /// The server asks for fewer requests (503 SlowDown). Retriable.
        case slowDown
        /// The server failed at this request (500, 502, 504). Retriable.
        case serverFailed
        /// The reply is none that S3 would send. Retriable.
        case malformedReply
        case noSuchKey
        case noSuchBucket
        /// The multipart upload was completed, aborted, or never begun.
        case noSuchUpload
        /// The credentials are known, but may not do this.
        case accessDenied
        /// The server computed another signature: the secret is wrong, or something changed the request on its way.
        case signatureMismatch
        /// The server does not know the access key.
        case unknownAccessKey
        /// This machine's clock and the server's are too far apart.
        case clockSkewed
        /// `If-Match`, or `If-None-Match` of a PUT, did not hold.
        case preconditionFailed
        /// `If-None-Match` of a GET: the object is the one that the caller knows.
        case notModified
        /// The range lies outside of the object.
        case invalidRange
        case bucketExists
        /// No credentials were found, or they cannot be read.
        case noCredentials
        /// The request can never be sent, for example because of a header value that is no ASCII.
        case invalidRequest
        /// The server says no for a reason that has no code of its own here.
        case refused
    }

    public let code: Code
    /// What failed and what to do next.
    public let message: String
    /// The HTTP status, where there was one.
    public let status: Int?
    /// The server's own code, for example `NoSuchKey`.
    public let serverCode: String?
    public let underlying: (any Error)?

    public init(
        _ code: Code,
        _ message: String,
        status: Int? = nil,
        serverCode: String? = nil,
        underlying: (any Error)? = nil
    ) {
        self.code = code
        self.message = message
        self.status = status
        self.serverCode = serverCode
        self.underlying = underlying
    }

    /// Whether the same call may succeed later without anybody changing anything.
    public var isRetriable: Bool {
        switch code {
        case .unreachable, .interrupted, .slowDown, .serverFailed, .malformedReply: true
        case .untrusted, .noSuchKey, .noSuchBucket, .noSuchUpload, .accessDenied, .signatureMismatch, .unknownAccessKey,
            .clockSkewed, .preconditionFailed, .notModified, .invalidRange, .bucketExists, .noCredentials,
            .invalidRequest, .refused:
            false
        }
    }

    public var description: String { underlying.map { "\(message) (\($0))" } ?? message }
}
