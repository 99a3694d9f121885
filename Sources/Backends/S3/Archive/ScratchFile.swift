import Foundation
import Hearth
import Synchronization

/// A file without a name: it goes with its last reader, however the process ends.
final class ScratchFile: Sendable {
    private let file: Int32
    private let end = Mutex(0)

    /// - Throws: ``StoreError`` `full` if no file can be made.
    init() throws(StoreError) {
        var path = Array((FileManager.default.temporaryDirectory.path + "/hearth-archive-XXXXXX").utf8CString)
        let file = path.withUnsafeMutableBufferPointer { $0.baseAddress.map { mkstemp($0) } ?? -1 }
        guard file >= 0 else {
            throw StoreError(
                .full, "No temporary file can be made. Make room, or set TMPDIR.", underlying: SystemError())
        }
        self.file = file
        _ = path.withUnsafeBufferPointer { $0.baseAddress.map { unlink($0) } }
    }

    deinit { close(file) }

    var size: Int { end.withLock { $0 } }

    /// Adds bytes at the end.
    ///
    /// - Returns: where they begin.
    /// - Throws: ``StoreError`` `full`.
    @discardableResult
    func append(_ bytes: some Collection<UInt8>) throws(StoreError) -> Int {
        let contents = Array(bytes)
        var failure: SystemError?
        let start = end.withLock { end in
            let start = end
            var written = 0
            while written < contents.count {
                let count = contents.withUnsafeBytes { buffer in
                    pwrite(
                        file, buffer.baseAddress?.advanced(by: written), buffer.count - written, off_t(start + written))
                }
                if count < 0 {
                    if errno == EINTR { continue }
                    failure = SystemError()
                    break
                }
                written += count
            }
            end = start + written
            return start
        }
        if let failure {
            throw StoreError(.full, "An archive cannot be unpacked. Make room, or set TMPDIR.", underlying: failure)
        }
        return start
    }

    /// - Throws: ``StoreError`` `corrupt` if there are not that many bytes.
    func read(_ range: Range<Int>) throws(StoreError) -> [UInt8] {
        guard range.lowerBound >= 0, range.upperBound <= size else {
            throw StoreError(.corrupt, "An archive refers to bytes that it does not have. Upload it again.")
        }
        var bytes = [UInt8](repeating: 0, count: range.count)
        var filled = 0
        while filled < bytes.count {
            let count = bytes.withUnsafeMutableBytes { buffer in
                pread(
                    file, buffer.baseAddress?.advanced(by: filled), buffer.count - filled,
                    off_t(range.lowerBound + filled))
            }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else {
                throw StoreError(.unreachable, "A temporary file cannot be read.", underlying: SystemError())
            }
            filled += count
        }
        return bytes
    }
}
