import Foundation
public import Hearth

/// The archive as files below a folder: what one machine has instead of a bucket.
public struct FolderArchiveStore: ArchiveStore {
    private let root: String
    private let fsync: Bool

    /// - Parameters:
    ///   - root: made when the first object is stored.
    ///   - fsync: whether an object waits for the disk before it is said to be safe.
    public init(root: String, fsync: Bool) {
        self.root = root
        self.fsync = fsync
    }

    public var location: String { root }

    public func put(_ bytes: [UInt8], at key: String) async throws {
        let path = try path(key)
        if let known = try await listing(key) {
            guard known.bytes == bytes.count else {
                throw StoreError(
                    .corrupt, "\(path) has \(known.bytes) bytes, not \(bytes.count). Move it away and try again.")
            }
            return
        }
        do {
            try FileManager.default.createDirectory(
                atPath: Self.folder(of: path), withIntermediateDirectories: true,
                attributes: [.posixPermissions: 0o700])
            // Written beside and renamed: there is the whole object under its key, or none.
            let draft = try DraftFile(beside: path)
            try draft.write(bytes, fsync: fsync)
            try draft.rename(to: path, fsync: fsync)
        } catch {
            throw StoreError(
                .full, "The archive's file \(path) cannot be written. Check the disk and the rights.",
                underlying: error)
        }
    }

    public func read(_ key: String, bytes range: Range<Int>) async throws -> [UInt8] {
        let path = try path(key)
        guard let file = FileHandle(forReadingAtPath: path) else {
            throw StoreError(.notFound, "The archive has no \(path). Restore it from a backup.")
        }
        defer { try? file.close() }
        let data: Data?
        do {
            try file.seek(toOffset: UInt64(range.lowerBound))
            data = try file.read(upToCount: range.count)
        } catch {
            throw StoreError(.unreachable, "\(path) cannot be read. Check the disk.", underlying: error)
        }
        guard data?.count == range.count || range.isEmpty else {
            throw StoreError(.corrupt, "\(path) ends before byte \(range.upperBound). Restore it from a backup.")
        }
        return Array(data ?? Data())
    }

    public func listing(_ key: String) async throws -> ArchiveListing? { try Self.listing(key, at: try path(key)) }

    public func delete(_ key: String) async throws {
        let path = try path(key)
        guard unlink(path) == 0 || errno == ENOENT else {
            throw StoreError(.unreachable, "\(path) cannot be removed. Check its rights.", underlying: SystemError())
        }
        // Folders that are empty now are removed, up to the first that is not.
        var folder = Self.folder(of: path)
        while folder.utf8.count > root.utf8.count, rmdir(folder) == 0 { folder = Self.folder(of: folder) }
    }

    public func list(_ prefix: String) async throws -> any AsyncSequence<ArchiveListing, any Error> & Sendable {
        var keys: [String] = []
        if let names = FileManager.default.enumerator(atPath: root) {
            for case let name as String in names where name.hasPrefix(prefix) && !name.hasSuffix(DraftFile.suffix) {
                keys.append(name)
            }
        } else if FileManager.default.fileExists(atPath: root) {
            throw StoreError(.unreachable, "The archive's folder \(root) cannot be read. Check its rights.")
        }
        let paths = try keys.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }.map { ($0, try path($0)) }
        return FolderArchiveListing(paths: paths)
    }

    static func listing(_ key: String, at path: String) throws -> ArchiveListing? {
        var status = stat()
        guard stat(path, &status) == 0 else {
            guard errno == ENOENT || errno == ENOTDIR else {
                throw StoreError(.unreachable, "\(path) cannot be read. Check its rights.", underlying: SystemError())
            }
            return nil
        }
        guard status.st_mode & S_IFMT == S_IFREG else { return nil }
        let storedAt = Date(timeIntervalSince1970: Double(status.st_mtim.tv_sec))
        return ArchiveListing(key: key, bytes: Int(status.st_size), storedAt: storedAt)
    }

    private func path(_ key: String) throws -> String {
        let names = key.split(separator: "/", omittingEmptySubsequences: false)
        guard !names.isEmpty, !names.contains(where: { $0.isEmpty || $0 == "." || $0 == ".." }) else {
            throw StoreError(.invalid, "'\(key)' cannot be a key of the archive in \(root).")
        }
        return root + "/" + key
    }

    private static func folder(of path: String) -> String {
        String(path[..<(path.lastIndex(of: "/") ?? path.startIndex)])
    }
}
