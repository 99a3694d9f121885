import Foundation

/// A file that is written beside the place it belongs to and renamed when it is whole.
struct DraftFile: ~Copyable {
    /// What drafts end in: whoever lists a folder leaves them out.
    static let suffix = ".draft"

    private let path: String
    private let file: Int32

    /// - Throws: ``SystemError``.
    init(beside target: String) throws {
        path = "\(target).\(UInt64.random(in: 0...UInt64.max))\(Self.suffix)"
        file = open(path, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0o600)
        guard file >= 0 else { throw SystemError() }
    }

    deinit {
        close(file)
        // Renamed or not: nothing of this name stays.
        unlink(path)
    }

    /// - Parameter fsync: whether the bytes are on the disk when this returns.
    /// - Throws: ``SystemError``.
    func write(_ bytes: [UInt8], fsync isDurable: Bool) throws {
        try bytes.withUnsafeBytes { buffer in
            var rest = buffer[...]
            while !rest.isEmpty {
                let written = Foundation.write(file, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
                if written < 0, errno == EINTR { continue }
                guard written > 0 else { throw SystemError() }
                rest = rest.dropFirst(written)
            }
        }
        guard !isDurable || fsync(file) == 0 else { throw SystemError() }
    }

    /// - Parameter fsync: whether the name is on the disk when this returns.
    /// - Throws: ``SystemError``.
    func rename(to target: String, fsync isDurable: Bool) throws {
        guard Foundation.rename(path, target) == 0 else { throw SystemError() }
        guard isDurable else { return }
        let folder = open(String(target[..<(target.lastIndex(of: "/") ?? target.endIndex)]), O_RDONLY | O_DIRECTORY)
        guard folder >= 0 else { throw SystemError() }
        defer { close(folder) }
        guard fsync(folder) == 0 else { throw SystemError() }
    }
}
