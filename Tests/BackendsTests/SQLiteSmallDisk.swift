import Foundation

/// A file system in memory that is quickly full; only for those who may mount.
final class SQLiteSmallDisk {
    struct NotMounted: Error {}

    let path: String

    static let isAvailable: Bool = {
        let folder = FileManager.default.temporaryDirectory.path + "/hearth-probe-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: folder) }
        return (try? SQLiteSmallDisk(folder, megabytes: 1)) != nil
    }()

    init(_ path: String, megabytes: Int) throws {
        self.path = path
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        guard mount("tmpfs", path, "tmpfs", 0, "size=\(megabytes)m") == 0 else { throw NotMounted() }
    }

    func grow(toMegabytes megabytes: Int) throws {
        guard mount("tmpfs", path, "tmpfs", UInt(MS_REMOUNT), "size=\(megabytes)m") == 0 else { throw NotMounted() }
    }

    deinit { umount2(path, Int32(MNT_DETACH)) }
}
