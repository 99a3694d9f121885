/// Why a verification could not be carried out; a failed case is no error.
public struct VerifyError: Error, Sendable, CustomStringConvertible {
    public enum Code: String, Sendable {
        /// There is no Hearth at that address, or it broke off.
        case unreachable
        /// It answered with an error where none was to be expected.
        case refused
        /// It answered something that is not understood.
        case malformedReply
        /// The scratch codebase could not be written, or did not get into the index in time.
        case codebase
        /// A suite, a file of thresholds or a report that is none.
        case invalidFile
        /// Two reports that have nothing in common.
        case notComparable
    }

    public let code: Code
    /// One sentence: what failed and what to do next.
    public let message: String

    public init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    public var isRetriable: Bool { code == .unreachable }
    public var description: String { message }
}
