import Hearth
import S3

/// The entries of an archive in a bucket, as documents.
struct ArchiveTree: Sendable {
    /// A listing looks at the object; the readings that follow need not each.
    private static let freshness = Duration.seconds(5)

    let client: S3Client
    let place: ArchivePlace
    let settings: ProjectSettings
    let shelf: ArchiveShelf

    private var limits: ArchiveLimits { ArchiveLimits(entryBytes: settings.maximumDocumentBytes) }

    func list() async throws -> UnpackedListing {
        let archive = try await shelf.archive(at: place, client: client, limits: limits)
        return UnpackedListing(listings: try archive.listings(settings))
    }

    func read(_ path: String, limit: Int) async throws -> Document? {
        let archive = try await shelf.archive(at: place, client: client, limits: limits, age: Self.freshness)
        guard let file = archive.file(path) else { return nil }
        guard file.size <= limit, file.skipped != .tooLarge else {
            throw StoreError(.tooLarge, "The entry \(path) is larger than the limit of \(limit) bytes.")
        }
        guard let range = file.range else { return nil }
        let version = ObjectVersion(versionID: archive.versionID, etag: archive.etag, sha256: file.sha256)
        return Document(path: path, tag: file.tag, version: "\(version)", bytes: try archive.bytes.read(range))
    }
}
