import Hearth
import S3

/// The objects of an archive in a bucket, page by page.
struct S3ArchiveListing: AsyncSequence, Sendable {
    typealias Element = ArchiveListing
    typealias Failure = any Error

    private let start: S3ObjectListing.AsyncIterator
    private let root: String

    /// Asks for the first page.
    ///
    /// - Throws: ``S3Error`` if the bucket cannot be read.
    init(_ objects: S3ObjectListing, root: String) async throws {
        var iterator = objects.makeAsyncIterator()
        try await iterator.begin()
        start = iterator
        self.root = root
    }

    func makeAsyncIterator() -> Iterator { Iterator(objects: start, root: root) }

    struct Iterator: AsyncIteratorProtocol {
        var objects: S3ObjectListing.AsyncIterator
        let root: String

        mutating func next() async throws -> ArchiveListing? {
            try await StoreError.translatingS3 {
                guard let object = try await objects.next() else { return nil }
                return ArchiveListing(
                    key: String(decoding: object.key.utf8.dropFirst(root.utf8.count), as: UTF8.self),
                    bytes: object.size,
                    storedAt: S3ArchiveStore.date(object.lastModified))
            }
        }
    }
}
