/// What the server, or the way to it, could not do.
///
/// ``code`` is for programs, ``message`` for people: it says what failed and what to do next. Never holds a password.
public struct PostgresError: Error, Sendable, CustomStringConvertible {
    /// What kind of failure it is. More may come; handle the unknown by ``PostgresError/isRetriable``.
    public struct Code: Hashable, Sendable, CustomStringConvertible {
        enum Kind: String, CaseIterable {
            case invalidConfiguration, connectionFailed, authenticationFailed, noSuchDatabase, connectionLost, timeout
            case poolBusy, closed, serverBusy, serializationFailure, deadlock, uniqueViolation, constraintViolation
            case outOfSpace, permissionDenied, invalidValue, invalidStatement, unexpectedValue, migrationRefused
            case statementFailed
        }
        let kind: Kind
        private init(_ kind: Kind) { self.kind = kind }
        public var description: String { kind.rawValue }

        /// The connection string is none, or a setting is out of range.
        public static let invalidConfiguration = Self(.invalidConfiguration)
        /// Nobody answers at the address, or not in time.
        public static let connectionFailed = Self(.connectionFailed)
        /// The server does not accept the user or the password.
        public static let authenticationFailed = Self(.authenticationFailed)
        public static let noSuchDatabase = Self(.noSuchDatabase)
        /// The connection ended while a statement waited for its answer. Whether the server acted is not known.
        public static let connectionLost = Self(.connectionLost)
        /// No answer within the time that the caller chose. Whether the server acted is not known.
        public static let timeout = Self(.timeout)
        /// No connection of the pool became free in time. Nothing was sent.
        public static let poolBusy = Self(.poolBusy)
        /// The pool was closed, or a connection was used outside of the scope that it was lent to.
        public static let closed = Self(.closed)
        /// The server starts, stops, or has as many connections as it takes.
        public static let serverBusy = Self(.serverBusy)
        /// Another transaction was in the way (40001); nothing was written.
        public static let serializationFailure = Self(.serializationFailure)
        /// Two transactions waited for each other (40P01); nothing was written.
        public static let deadlock = Self(.deadlock)
        /// There is a row of that key already.
        public static let uniqueViolation = Self(.uniqueViolation)
        public static let constraintViolation = Self(.constraintViolation)
        /// The server's disk is full, or another of its resources is used up.
        public static let outOfSpace = Self(.outOfSpace)
        public static let permissionDenied = Self(.permissionDenied)
        /// A parameter that PostgreSQL cannot hold, for example text with a NUL.
        public static let invalidValue = Self(.invalidValue)
        /// The statement is none that this server and these tables can do.
        public static let invalidStatement = Self(.invalidStatement)
        /// A column is missing, or holds another type than the one that was asked for.
        public static let unexpectedValue = Self(.unexpectedValue)
        /// The tables are those of a newer version, or are not to be changed.
        public static let migrationRefused = Self(.migrationRefused)
        /// The server refused for a reason that its own words tell.
        public static let statementFailed = Self(.statementFailed)
    }

    public let code: Code
    public let message: String
    /// The server's own code (appendix A of PostgreSQL's manual), where it said one.
    public let sqlState: String?

    public init(_ code: Code, _ message: String, sqlState: String? = nil) {
        self.code = code
        self.message = message
        self.sqlState = sqlState
    }

    /// Whether the same call may succeed later without anybody changing anything.
    public var isRetriable: Bool {
        switch code.kind {
        case .connectionFailed, .connectionLost, .timeout, .poolBusy, .serverBusy, .serializationFailure, .deadlock,
            .outOfSpace:
            true
        case .invalidConfiguration, .authenticationFailed, .noSuchDatabase, .closed, .uniqueViolation,
            .constraintViolation, .permissionDenied, .invalidValue, .invalidStatement, .unexpectedValue,
            .migrationRefused, .statementFailed:
            false
        }
    }

    /// Whether the whole transaction may be run again at once: nothing of it was kept.
    var isTransactionConflict: Bool { code == .serializationFailure || code == .deadlock }

    public var description: String { "\(code): \(message)" + (sqlState.map { " [\($0)]" } ?? "") }
}
