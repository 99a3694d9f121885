public import Hearth
public import S3

/// A codebase in an object store: below a folder of a bucket, or in one `.tar.gz` or `.zip` object.
///
/// Ignore files are honoured where they stand, as in a folder on a disk. The tag of a document is its object's ETag; that of
/// an archive's entry names its content, so that a new archive costs only what changed in it.
public struct S3DocumentStore: DocumentStore {
    private enum Tree: Sendable {
        case objects(ObjectTree)
        case archive(ArchiveTree)
    }

    public let location: String
    private let tree: Tree

    /// - Parameters:
    ///   - source: `s3://bucket/folder`, `s3://bucket/key.tar.gz` or `s3://bucket/key.zip`.
    ///   - memory: shared by the stores of a process, so that nothing is fetched twice.
    /// - Throws: ``StoreError`` `invalid` if the source is none of these.
    public init(
        source: String,
        client: S3Client,
        settings: ProjectSettings = ProjectSettings(),
        memory: S3StoreMemory = S3StoreMemory()
    ) throws {
        guard let place = ObjectLocation(source) else {
            throw StoreError(
                .invalid,
                "'\(source)' is no source. Give s3://bucket/folder, s3://bucket/key.tar.gz or s3://bucket/key.zip.")
        }
        location = place.description
        switch place.tree {
        case .folder(let prefix):
            tree = .objects(
                ObjectTree(client: client, bucket: place.bucket, prefix: prefix, settings: settings, memory: memory))
        case .archive(let key, let format):
            tree = .archive(
                ArchiveTree(
                    client: client, place: ArchivePlace(bucket: place.bucket, key: key, format: format),
                    settings: settings, shelf: memory.archives))
        }
    }

    public func list() async throws -> any AsyncSequence<DocumentListing, any Error> & Sendable {
        try await StoreError.translatingS3 { () -> any AsyncSequence<DocumentListing, any Error> & Sendable in
            switch tree {
            case .objects(let objects): try await ObjectListing(objects)
            case .archive(let archive): try await archive.list()
            }
        }
    }

    public func listings(of paths: Set<String>) async throws -> [DocumentListing] {
        try await StoreError.translatingS3 {
            switch tree {
            case .objects(let objects): try await objects.listings(of: paths)
            case .archive(let archive): try await archive.listings(of: paths)
            }
        }
    }

    public func read(_ path: String, limit: Int) async throws -> Document? {
        let names = path.split(separator: "/", omittingEmptySubsequences: false)
        guard !names.isEmpty, names.allSatisfy({ !$0.isEmpty && $0 != "." && $0 != ".." }) else {
            throw StoreError(.invalid, "The path '\(path)' leads out of the project.")
        }
        return try await StoreError.translatingS3 {
            switch tree {
            case .objects(let objects): try await objects.read(path, limit: limit)
            case .archive(let archive): try await archive.read(path, limit: limit)
            }
        }
    }
}
