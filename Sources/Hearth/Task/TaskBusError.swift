/// What a bus could not do.
public struct TaskBusError: Error, Sendable, CustomStringConvertible {
    public enum Code: String, Sendable {
        /// The bus does not answer. Retriable.
        case unreachable
        /// The bus has no space, or its quota is used up; nothing was published. Retriable.
        case full
        /// The task can never be published, for example because it is too large.
        case invalid
        /// What the bus has stored cannot be read.
        case corrupt
        /// The bus was shut down.
        case closed
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
        case .unreachable, .full, .closed: true
        case .invalid, .corrupt: false
        }
    }

    public var description: String { underlying.map { "\(message) (\($0))" } ?? message }
}
