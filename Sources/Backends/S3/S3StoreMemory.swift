import Synchronization

/// What the stores of one process keep between two listings: ignore files, and archives that were unpacked.
public final class S3StoreMemory: Sendable {
    private struct IgnoreFile {
        let etag: String
        let text: String
    }

    private static let mostIgnoreFiles = 4096

    private let ignoreFiles = Mutex<[String: IgnoreFile]>([:])
    let archives = ArchiveShelf()

    public init() {}

    /// The text of an ignore file, if it is the one that the listing has.
    func ignoreText(_ place: String, etag: String) -> String? {
        ignoreFiles.withLock { files in files[place].flatMap { $0.etag == etag ? $0.text : nil } }
    }

    func keepIgnoreText(_ text: String, of place: String, etag: String) {
        ignoreFiles.withLock { files in
            if files.count >= Self.mostIgnoreFiles { files.removeAll() }
            files[place] = IgnoreFile(etag: etag, text: text)
        }
    }
}
