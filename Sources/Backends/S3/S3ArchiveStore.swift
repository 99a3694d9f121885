import FoundationEssentials
public import Hearth
public import S3

/// Cold history in a bucket.
public struct S3ArchiveStore: ArchiveStore {
    private let client: S3Client
    private let bucket: String
    private let prefix: String

    /// - Parameter location: `s3://bucket` or `s3://bucket/folder`.
    /// - Throws: ``StoreError`` `invalid` if it is none of these.
    public init(location: String, client: S3Client) throws {
        guard let place = ObjectLocation(location), case .folder(let prefix) = place.tree else {
            throw StoreError(
                .invalid, "'\(location)' is no place for an archive. Give s3://bucket or s3://bucket/folder.")
        }
        self.client = client
        self.location = place.description
        bucket = place.bucket
        self.prefix = prefix
    }

    public let location: String

    public func put(_ bytes: [UInt8], at key: String) async throws {
        try await StoreError.translatingS3 {
            do {
                try await client.put(.bytes(bytes), to: prefix + key, in: bucket, condition: .isAbsent)
            } catch let error as S3Error where error.code == .preconditionFailed {
                // It is there: from before, or from an attempt whose reply was lost.
            }
            // Servers that ignore the condition have written it again; either way this is what is there now.
            let head = try await client.head(prefix + key, in: bucket)
            guard head.size == bytes.count else {
                throw StoreError(
                    .corrupt, "The archive's object \(key) has \(head.size) bytes instead of \(bytes.count). Remove it."
                )
            }
        }
    }

    public func read(_ key: String, bytes range: Range<Int>) async throws -> [UInt8] {
        guard !range.isEmpty else { return [] }
        return try await StoreError.translatingS3 {
            let short = StoreError(.corrupt, "The archive's object \(key) ends before byte \(range.upperBound).")
            do {
                let object = try await client.get(prefix + key, in: bucket, range: range)
                let bytes = try await object.bytes(limit: range.count)
                guard bytes.count == range.count else { throw short }
                return bytes
            } catch let error as S3Error where error.code == .invalidRange {
                throw short
            }
        }
    }

    public func listing(_ key: String) async throws -> ArchiveListing? {
        try await StoreError.translatingS3 {
            do {
                let head = try await client.head(prefix + key, in: bucket)
                return ArchiveListing(key: key, bytes: head.size, storedAt: Self.date(head.lastModified))
            } catch let error as S3Error where error.code == .noSuchKey {
                // HEAD does not tell a missing key from a missing bucket.
                guard try await client.bucketExists(bucket) else {
                    throw StoreError(.notFound, "There is no bucket \(bucket). Check archive.location.")
                }
                return nil
            }
        }
    }

    public func delete(_ key: String) async throws {
        try await StoreError.translatingS3 { try await client.delete(prefix + key, in: bucket) }
    }

    public func list(_ prefix: String) async throws -> any AsyncSequence<ArchiveListing, any Error> & Sendable {
        try await StoreError.translatingS3 {
            try await S3ArchiveListing(client.objects(in: bucket, prefix: self.prefix + prefix), root: self.prefix)
        }
    }

    /// What has no date counts as written now, so that nothing takes it for old.
    static func date(_ time: S3Timestamp?) -> Date {
        time.map { Date(timeIntervalSince1970: Double($0.seconds)) } ?? Date()
    }
}
