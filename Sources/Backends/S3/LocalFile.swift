import Foundation
import Hearth
import S3

/// A file that is uploaded: opened once, so that all its parts are of the same file.
final class LocalFile: Sendable {
    let size: Int
    private let file: Int32
    private let path: String

    /// `nil` if there is no such file, or it is something else by now.
    ///
    /// - Throws: ``StoreError`` `invalid` if it may not be read.
    init?(_ path: String) throws(StoreError) {
        let file = open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK)
        guard file >= 0 else {
            let reason = SystemError()
            if [ENOENT, ENOTDIR, ELOOP].contains(reason.code) { return nil }
            throw StoreError(
                .invalid, "The file \(path) cannot be read. Give this user the right to, or name it in .hearthignore.",
                underlying: reason)
        }
        var status = stat()
        guard fstat(file, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            close(file)
            return nil
        }
        self.file = file
        self.path = path
        size = Int(status.st_size)
    }

    deinit { close(file) }

    /// - Throws: ``StoreError`` `conflict` if the file has become shorter.
    func read(_ range: Range<Int>) throws(StoreError) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: range.count)
        var filled = 0
        while filled < bytes.count {
            let count = bytes.withUnsafeMutableBytes { buffer in
                pread(
                    file, buffer.baseAddress?.advanced(by: filled), buffer.count - filled,
                    off_t(range.lowerBound + filled))
            }
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else {
                throw StoreError(.unreachable, "Reading the file \(path) failed.", underlying: SystemError())
            }
            guard count > 0 else {
                throw StoreError(.conflict, "The file \(path) became shorter while it was read. Run this again.")
            }
            filled += count
        }
        return bytes
    }

    /// The ETag that S3 gives these bytes when they are put by that plan.
    func etag(_ plan: S3PartPlan) throws(StoreError) -> String? {
        if plan.isSingle { return S3ETag.single(try read(0..<size)) }
        var tags: [String] = []
        for part in plan.parts { tags.append(S3ETag.single(try read(part))) }
        return S3ETag.multipart(tags)
    }
}
