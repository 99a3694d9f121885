import Glibc

/// The vector files in an index's folder, one per epoch.
enum VectorFiles {
    private static let prefix = "vectors."

    static func path(in directory: String, epoch: Int) -> String {
        "\(directory)/\(prefix)\(epoch)"
    }

    /// Deletes files of earlier epochs, which a crash after a compaction may have left.
    ///
    /// Files of later epochs stay: another process may be writing one.
    static func removeOlder(than epoch: Int, in directory: String) {
        guard let folder = opendir(directory) else { return }
        defer { closedir(folder) }
        while let item = readdir(folder) {
            let name = withUnsafePointer(to: &item.pointee.d_name) { name in
                name.withMemoryRebound(to: CChar.self, capacity: Int(NAME_MAX) + 1) { String(cString: $0) }
            }
            guard name.hasPrefix(prefix), let found = Int(name.dropFirst(prefix.count)), found < epoch else { continue }
            unlink("\(directory)/\(name)")
        }
    }

    /// Makes the names of new files in the folder survive a power cut.
    static func synchronizeFolder(_ directory: String) throws(SystemFailure) {
        let descriptor = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw SystemFailure.last("open \(directory)") }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw SystemFailure.last("flush \(directory)") }
    }
}

extension SystemFailure {
    var isMissingFile: Bool { number == ENOENT }
}
