import Hearth
import S3
import Verify

/// Scratch files in a bucket, for servers that share no disk with the verifier.
struct BucketScratch: ScratchFiles {
    private let client: S3Client
    private let bucket: String
    /// With a slash at its end.
    private let prefix: String

    /// - Parameters:
    ///   - location: `s3://bucket/folder`, in which a folder of this run's own is made.
    ///   - client: of the same object store that the server reads.
    /// - Throws: ``ConfigurationError``.
    init(in location: String, name: String, client: S3Client) throws {
        guard let place = ObjectLocation(location), case .folder(let prefix) = place.tree else {
            throw ConfigurationError("--scratch \(location) names no folder of a bucket. Write s3://bucket/folder.")
        }
        (self.client, bucket, self.prefix) = (client, place.bucket, "\(prefix)\(name)/")
    }

    var place: String { "s3://\(bucket)/\(prefix)" }

    func source(of folder: String) -> String { place + folder }

    func write(_ text: String, to path: String) async throws {
        try await change { try await client.put(.bytes(Array(text.utf8)), to: prefix + path, in: bucket) }
    }

    func delete(_ path: String) async throws {
        try await change { try await client.delete(prefix + path, in: bucket) }
    }

    func removeAll() async throws {
        try await change {
            for try await object in client.objects(in: bucket, prefix: prefix) {
                try await client.delete(object.key, in: bucket)
            }
        }
    }

    private func change<Result>(_ body: () async throws -> Result) async throws {
        do { _ = try await body() } catch let error as S3Error {
            throw VerifyError(
                .codebase,
                "The scratch codebase cannot be written to \(place). Check s3.… and --scratch. (\(error.message))")
        }
    }
}
