import Foundation
public import Hearth

/// A codebase in a folder.
///
/// Symbolic links are listed as skipped and never followed: one that leads out of the root would put foreign files
/// before the model, one that leads inside would double what is there.
public struct FolderDocumentStore: DocumentStore {
    private let root: String
    private let settings: ProjectSettings

    /// - Parameter root: an absolute path.
    /// - Throws: ``StoreError`` `notFound` if there is no such folder.
    public init(root: String, settings: ProjectSettings = ProjectSettings()) throws {
        var status = stat()
        guard stat(root, &status) == 0 else {
            throw StoreError(.notFound, "The folder \(root) does not exist. Check the path of the project.")
        }
        guard status.st_mode & S_IFMT == S_IFDIR else {
            throw StoreError(.invalid, "\(root) is no folder. Give the folder that holds the code.")
        }
        self.root = root.hasSuffix("/") ? String(root.dropLast()) : root
        self.settings = settings
    }

    public var location: String { root }

    public func list() async throws -> any AsyncSequence<DocumentListing, any Error> & Sendable {
        try FolderListing(root: root, settings: settings)
    }

    public func read(_ path: String, limit: Int) async throws -> Document? {
        guard isInside(path) else {
            throw StoreError(.invalid, "The path '\(path)' leads out of the project's folder.")
        }
        let file = open(root + "/" + path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK)
        guard file >= 0 else {
            switch errno {
            case ENOENT, ENOTDIR, ELOOP: return nil
            case EACCES, EPERM: throw StoreError(.invalid, "The file \(path) may not be read by this user.")
            default: throw StoreError(.unreachable, "The file \(path) could not be opened.", underlying: SystemError())
            }
        }
        defer { close(file) }
        var status = stat()
        guard fstat(file, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
        guard status.st_size <= limit else {
            throw StoreError(.tooLarge, "The file \(path) is larger than the limit of \(limit) bytes.")
        }
        let bytes = try read(file, path: path, size: Int(status.st_size), limit: limit)
        return Document(path: path, tag: FolderListing.tag(status), version: Digest.sha256(bytes), bytes: bytes)
    }

    private func read(_ file: Int32, path: String, size: Int, limit: Int) throws -> [UInt8] {
        // One byte more than it had when it was opened, to see the end without another call.
        var bytes = [UInt8](repeating: 0, count: size + 1)
        var filled = 0
        while true {
            let count = bytes.withUnsafeMutableBytes { buffer in
                Foundation.read(file, buffer.baseAddress?.advanced(by: filled), buffer.count - filled)
            }
            if count < 0 {
                if errno == EINTR { continue }
                throw StoreError(.unreachable, "Reading the file \(path) failed.", underlying: SystemError())
            }
            filled += count
            guard filled <= limit else {
                throw StoreError(.tooLarge, "The file \(path) grew beyond the limit of \(limit) bytes.")
            }
            if count == 0 { break }
            if filled == bytes.count { bytes.append(contentsOf: repeatElement(0, count: filled)) }
        }
        bytes.removeLast(bytes.count - filled)
        return bytes
    }

    /// No absolute path, no `..`, and no link on the way: each would lead out of the folder.
    private func isInside(_ path: String) -> Bool {
        let names = path.split(separator: "/", omittingEmptySubsequences: false)
        guard !names.isEmpty, names.allSatisfy({ !$0.isEmpty && $0 != "." && $0 != ".." }) else { return false }
        var folder = root
        for name in names.dropLast() {
            folder += "/" + name
            var status = stat()
            if lstat(folder, &status) == 0, status.st_mode & S_IFMT == S_IFLNK { return false }
        }
        return true
    }
}
