/// What Pulsar's admin API could not do.
public struct PulsarAdminError: Error, Sendable, CustomStringConvertible {
    public enum Code: String, Sendable {
        /// The address is none, or is not http or https.
        case invalidURL
        /// The server does not answer, or not in time. Retriable.
        case unreachable
        /// The server knows the caller too little, or not at all.
        case notAllowed
        /// There is no such thing.
        case notFound
        /// There is one already.
        case conflict
        /// The server failed, or answered what the API does not say.
        case failed
    }

    public let code: Code
    /// What failed and what to do next.
    public let message: String

    public init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    public var isRetriable: Bool { code == .unreachable }
    public var description: String { message }
}
