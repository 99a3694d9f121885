import Backends
import Hearth
import HearthTesting
import S3
import ScriptedS3
import Testing

@Suite("Cold history in a bucket")
struct S3ArchiveStoreTests {
    @Test("it does what every archive does", arguments: ArchiveStoreConformance.behaviours)
    func conformance(_ behaviour: Behaviour<ArchiveStoreConformance>) async throws {
        try await withMemoryBucket(MemoryBucket()) { client in
            try await behaviour.run(
                ArchiveStoreConformance(try S3ArchiveStore(location: "s3://code/cold", client: client)))
        }
    }

    @Test(
        "it does so on a real server, too", .enabled(if: S3Server.isThere),
        arguments: ArchiveStoreConformance.behaviours)
    func real(_ behaviour: Behaviour<ArchiveStoreConformance>) async throws {
        try await S3Server.withBucket { client, bucket in
            try await behaviour.run(
                ArchiveStoreConformance(try S3ArchiveStore(location: "s3://\(bucket)", client: client)))
        }
    }

    @Test("a bucket that is missing is an error, never an empty archive")
    func missing() async throws {
        try await withMemoryBucket(MemoryBucket()) { client in
            let archive = try S3ArchiveStore(location: "s3://none", client: client)
            await #expect(throws: StoreError.self) { _ = try await archive.list("") }
            await #expect(throws: StoreError.self) { _ = try await archive.listing("k") }
            await #expect(throws: StoreError.self) { try await archive.put([1], at: "k") }
            #expect(throws: StoreError.self) { try S3ArchiveStore(location: "/folder", client: client) }
        }
    }
}
