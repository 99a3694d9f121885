import Foundation
import Hearth

/// Proof that a bus is alive: a lock on a file of its own, which the kernel drops when the process ends, however it ends.
final class OwnerLock: Sendable {
    let id: String
    private let path: String
    private let lock: FileLock

    /// Makes a file in `directory` and takes its lock.
    init(directory: String) throws {
        while true {
            let id = GatewayID.unique().rawValue
            let path = Self.path(of: id, in: directory)
            guard let lock = try FileLock(tryingFor: path, creating: true) else { continue }
            self.id = id
            self.path = path
            self.lock = lock
            return
        }
    }

    /// The file goes first: once the lock is free its absence already says that the owner is gone.
    deinit { unlink(path) }

    /// Whether nobody holds the lock of `owner` any more. Names are never used twice, so the dead stay dead.
    static func isDead(_ owner: String, in directory: String) -> Bool {
        let path = path(of: owner, in: directory)
        guard access(path, F_OK) == 0 else { return errno == ENOENT }
        // A file that cannot be opened says nothing, so its owner counts as alive.
        guard let lock = try? FileLock(tryingFor: path, creating: false) else { return false }
        _ = consume lock
        return true
    }

    /// Removes the files of those who ended without doing so.
    static func removeStale(in directory: String) {
        for name in (try? FileManager.default.contentsOfDirectory(atPath: directory)) ?? []
        where name.hasSuffix(".lock") {
            let path = "\(directory)/\(name)"
            guard let lock = try? FileLock(tryingFor: path, creating: false) else { continue }
            unlink(path)
            _ = consume lock
        }
    }

    private static func path(of owner: String, in directory: String) -> String { "\(directory)/\(owner).lock" }
}
