import Foundation
import Glibc

/// A file system in memory that is quickly full; only for those who may mount.
final class SmallDisk {
    let path: String

    static let isAvailable: Bool = {
        guard geteuid() == 0, let folder = try? TemporaryFolder() else { return false }
        return (try? SmallDisk(at: folder.file("probe").path, megabytes: 1)) != nil
    }()

    struct NotMounted: Error {}

    init(at path: String, megabytes: Int) throws {
        self.path = path
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        guard mount("tmpfs", path, "tmpfs", 0, "size=\(megabytes)m") == 0 else { throw NotMounted() }
    }

    func grow(toMegabytes megabytes: Int) throws {
        let remount = UInt(MS_REMOUNT)
        guard mount("tmpfs", path, "tmpfs", remount, "size=\(megabytes)m") == 0 else { throw NotMounted() }
    }

    deinit {
        umount2(path, Int32(MNT_DETACH))
    }
}
