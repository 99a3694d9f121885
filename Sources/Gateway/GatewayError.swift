/// What a gateway could not do.
public struct GatewayError: Error, Sendable, CustomStringConvertible {
    public struct Code: Hashable, Sendable, CustomStringConvertible {
        private enum Base: String {
            case needsKeys, cannotListen, notPublished, keyConflict, unknownTask, stopping, unreadableKeys, invalidKey
        }

        private let base: Base
        private init(_ base: Base) { self.base = base }

        /// The address is public and there is no API key.
        public static let needsKeys = Code(.needsKeys)
        /// The address or the port cannot be used.
        public static let cannotListen = Code(.cannotListen)
        /// The bus did not take the question; nothing of it is left. Retriable.
        public static let notPublished = Code(.notPublished)
        /// The same idempotency key was used for another request.
        public static let keyConflict = Code(.keyConflict)
        public static let unknownTask = Code(.unknownTask)
        /// The gateway is being stopped; the answer goes on. Retriable.
        public static let stopping = Code(.stopping)
        /// The key file cannot be read or written.
        public static let unreadableKeys = Code(.unreadableKeys)
        /// The name of a key is taken, unknown or not allowed.
        public static let invalidKey = Code(.invalidKey)

        public var description: String { base.rawValue }

        var isRetriable: Bool {
            switch base {
            case .notPublished, .stopping: true
            case .needsKeys, .cannotListen, .keyConflict, .unknownTask, .unreadableKeys, .invalidKey: false
            }
        }
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

    public var isRetriable: Bool { code.isRetriable }
    public var description: String { underlying.map { "\(message) (\($0))" } ?? message }
}
