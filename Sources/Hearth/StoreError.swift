/// What a store of Hearth's (timeline, ledger, index, documents) could not do.
public struct StoreError: Error, Sendable, CustomStringConvertible {
    public struct Code: Hashable, Sendable, CustomStringConvertible {
        private enum Base: String {
            case unreachable, full, corrupt, conflict, notFound, empty, tooLarge, invalid, closed
        }
        private let base: Base
        private init(_ base: Base) { self.base = base }

        /// The store did not answer; trying again later may help.
        public static let unreachable = Code(.unreachable)
        /// No space is left; nothing of the operation was kept.
        public static let full = Code(.full)
        /// What was read is not what was written.
        public static let corrupt = Code(.corrupt)
        /// The state is not the one that the operation needs, for example another dimension.
        public static let conflict = Code(.conflict)
        public static let notFound = Code(.notFound)
        /// There is nothing at all where a codebase should be.
        public static let empty = Code(.empty)
        /// Above a configured limit.
        public static let tooLarge = Code(.tooLarge)
        /// The arguments can never succeed.
        public static let invalid = Code(.invalid)
        /// The store was shut down.
        public static let closed = Code(.closed)

        public var description: String { base.rawValue }
        /// Whether the same call may succeed later without anybody changing the request.
        public var isRetriable: Bool {
            switch base {
            case .unreachable, .full, .closed: true
            case .corrupt, .conflict, .notFound, .empty, .tooLarge, .invalid: false
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
