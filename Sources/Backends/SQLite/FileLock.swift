import Foundation
import Hearth

/// A lock on a file, which the kernel drops when it is released or when the process ends, however it ends.
struct FileLock: ~Copyable {
    private let file: Int32

    /// Waits for the lock of `path` and makes the file if need be.
    ///
    /// - Throws: ``StoreError`` with code `unreachable` if the file cannot be made.
    init(waitingFor path: String) throws {
        file = open(path, O_CREAT | O_RDWR | O_CLOEXEC, 0o600)
        guard file >= 0 else { throw Self.refused(path) }
        while flock(file, LOCK_EX) != 0 {
            guard errno == EINTR else {
                let error = Self.refused(path)
                close(file)
                throw error
            }
        }
    }

    /// Takes the lock of `path` if nobody has it; `nil` if somebody has, or if the file was removed meanwhile.
    ///
    /// - Throws: ``StoreError`` with code `unreachable` if the file cannot be opened.
    init?(tryingFor path: String, creating: Bool) throws {
        file = open(path, O_RDWR | O_CLOEXEC | (creating ? O_CREAT : 0), 0o600)
        guard file >= 0 else {
            if !creating, errno == ENOENT { return nil }
            throw Self.refused(path)
        }
        // Whoever tidies up may have removed the file between opening and locking; such a lock proves nothing.
        var facts = stat()
        guard flock(file, LOCK_EX | LOCK_NB) == 0, fstat(file, &facts) == 0, facts.st_nlink > 0 else {
            close(file)
            return nil
        }
    }

    deinit { close(file) }

    private static func refused(_ path: String) -> StoreError {
        let reason = SystemError()
        return StoreError(.unreachable, "The lock file \(path) cannot be opened. Check its rights.", underlying: reason)
    }
}
