import GRDB

/// Why the index could not do what it was asked, and what to do next.
public struct LocalIndexError: Error, Sendable, CustomStringConvertible {
    /// The kinds of failure; more may be added.
    public struct Code: Sendable, Hashable, CustomStringConvertible {
        private enum Kind: String {
            case dimensionMismatch, unknownFormat, corrupted, storageFull, storageFailed, inaccessible, busy
            case invalidArgument, unexpected
        }

        private let kind: Kind

        /// The folder holds vectors of another dimension than the one asked for.
        public static let dimensionMismatch = Code(kind: .dimensionMismatch)
        /// The folder was written in a format that this version does not read.
        public static let unknownFormat = Code(kind: .unknownFormat)
        /// The files contradict each other or are damaged.
        public static let corrupted = Code(kind: .corrupted)
        /// The disk is full; the index is as it was before the call.
        public static let storageFull = Code(kind: .storageFull)
        /// The disk refused to read or to write; the index is as it was before the call.
        public static let storageFailed = Code(kind: .storageFailed)
        /// The folder cannot be opened or created.
        public static let inaccessible = Code(kind: .inaccessible)
        /// Another process held the index locked for longer than the busy timeout.
        public static let busy = Code(kind: .busy)
        /// The caller passed something that cannot be stored.
        public static let invalidArgument = Code(kind: .invalidArgument)
        /// SQLite reported something that should not happen.
        public static let unexpected = Code(kind: .unexpected)

        public var description: String { kind.rawValue }
    }

    public let code: Code
    /// One sentence for people, with the next step.
    public let message: String
    /// What SQLite or the system said.
    public let underlying: (any Error)?

    package init(_ code: Code, _ message: String, underlying: (any Error)? = nil) {
        self.code = code
        self.message = message
        self.underlying = underlying
    }

    /// Whether the same call may succeed later without anybody changing the index.
    public var isRetriable: Bool {
        switch code {
        case .storageFull, .storageFailed, .busy: true
        default: false
        }
    }

    public var description: String {
        guard let underlying else { return message }
        return "\(message) (\(underlying))"
    }
}

extension LocalIndexError {
    static func corrupted(_ what: String, in directory: String, underlying: (any Error)? = nil) -> LocalIndexError {
        LocalIndexError(
            .corrupted, "The index in \(directory) is damaged: \(what). Delete that folder and ingest again.",
            underlying: underlying
        )
    }

    /// Translates what SQLite and the system report; cancellation stays what it is.
    static func translating(_ error: any Error, in directory: String) -> any Error {
        if error is LocalIndexError || error is CancellationError { return error }
        guard let failure = error as? DatabaseError else {
            return LocalIndexError(.unexpected, "The index in \(directory) failed unexpectedly.", underlying: error)
        }
        if failure.resultCode == .SQLITE_INTERRUPT || failure.resultCode == .SQLITE_ABORT {
            return CancellationError()
        }
        return LocalIndexError(failure, in: directory)
    }

    init(_ failure: DatabaseError, in directory: String) {
        switch failure.resultCode {
        case .SQLITE_FULL:
            self.init(
                .storageFull, "The disk with \(directory) is full: free some space and try again.", underlying: failure)
        case .SQLITE_IOERR:
            self.init(
                .storageFailed, "The disk with \(directory) failed to read or write: check it, then try again.",
                underlying: failure)
        case .SQLITE_BUSY, .SQLITE_LOCKED:
            self.init(
                .busy, "Another process is writing to the index in \(directory): try again shortly.",
                underlying: failure)
        case .SQLITE_CORRUPT, .SQLITE_NOTADB:
            self = .corrupted("SQLite cannot read its database", in: directory, underlying: failure)
        case .SQLITE_CANTOPEN, .SQLITE_PERM, .SQLITE_READONLY, .SQLITE_AUTH:
            self.init(
                .inaccessible, "The index in \(directory) cannot be opened for writing: check its permissions.",
                underlying: failure)
        default:
            self.init(.unexpected, "The index in \(directory) failed unexpectedly.", underlying: failure)
        }
    }
}
