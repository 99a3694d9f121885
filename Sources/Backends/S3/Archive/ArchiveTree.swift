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
        let archive = try await unpacked()
        guard !archive.files.isEmpty else {
            throw StoreError.nothing(at: place.description, check: "how the archive was made")
        }
        return UnpackedListing(listings: try archive.listings(settings))
    }

    func listings(of paths: Set<String>) async throws -> [DocumentListing] {
        try await unpacked().listings(settings).filter { paths.contains($0.path) }
    }

    func read(_ path: String, limit: Int) async throws -> Document? {
        let archive = try await unpacked(age: Self.freshness)
        guard let file = archive.file(path) else { return nil }
        guard file.size <= limit, file.skipped != .tooLarge else {
            throw StoreError(.tooLarge, "The entry \(path) is larger than the limit of \(limit) bytes.")
        }
        guard let range = file.range else { return nil }
        let version = ObjectVersion(versionID: archive.versionID, etag: archive.etag, sha256: file.sha256)
        return Document(path: path, tag: file.tag, version: "\(version)", bytes: try archive.bytes.read(range))
    }

    private func unpacked(age: Duration = .zero) async throws -> UnpackedArchive {
        do {
            return try await shelf.archive(at: place, client: client, limits: limits, age: age)
        } catch let error as S3Error where error.code == .noSuchKey {
            // HEAD does not tell a missing key from a missing bucket.
            guard try await client.bucketExists(place.bucket) else {
                throw StoreError(.notFound, "There is no bucket \(place.bucket). Check the project's source.")
            }
            throw StoreError.nothing(at: place.description, check: "the bucket and the key")
        }
    }
}
