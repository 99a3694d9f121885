import Glibc

/// What a system call reported.
struct SystemFailure: Error, CustomStringConvertible {
    let action: String
    let number: Int32

    /// The failure of the call just made.
    static func last(_ action: String) -> SystemFailure {
        SystemFailure(action: action, number: errno)
    }

    var description: String { "cannot \(action): \(String(cString: strerror(number)))" }

    /// As the error that callers of the index get.
    func translated(in directory: String) -> LocalIndexError {
        switch number {
        case ENOSPC, EDQUOT, EFBIG:
            LocalIndexError(
                .storageFull, "The disk with \(directory) is full: free some space and try again.", underlying: self)
        case EACCES, EPERM, EROFS, ENOENT, ENOTDIR:
            LocalIndexError(
                .inaccessible, "The index in \(directory) cannot be opened: check the path and its permissions.",
                underlying: self)
        default:
            LocalIndexError(
                .storageFailed, "The disk with \(directory) failed to read or write: check it, then try again.",
                underlying: self)
        }
    }
}
