import Foundation
import Hearth

/// Proof that a bus is alive: a lock on a file of its own, which the kernel drops when the process ends, however it ends.
final class OwnerLock: Sendable {
    let id: String
    private let path: String
    private let file: Int32

    /// Makes the file in `directory` and takes its lock.
    init(directory: String) throws {
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        id = GatewayID.unique().rawValue
        path = Self.path(of: id, in: directory)
        file = open(path, O_CREAT | O_RDWR | O_CLOEXEC, 0o600)
        guard file >= 0, flock(file, LOCK_EX | LOCK_NB) == 0 else {
            throw StoreError(.unreachable, "The lock file \(path) cannot be made. Check the rights.", underlying: SystemError())
        }
    }

    deinit {
        unlink(path)
        close(file)
    }

    /// Whether nobody holds the lock of `owner` any more; its file is then removed.
    static func isDead(_ owner: String, in directory: String) -> Bool {
        let path = path(of: owner, in: directory)
        let file = open(path, O_RDWR | O_CLOEXEC)
        guard file >= 0 else { return errno == ENOENT }
        defer { close(file) }
        guard flock(file, LOCK_EX | LOCK_NB) == 0 else { return false }
        unlink(path)
        return true
    }

    private static func path(of owner: String, in directory: String) -> String { "\(directory)/\(owner).lock" }
}
