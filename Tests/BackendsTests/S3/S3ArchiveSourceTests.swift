import Backends
import Foundation
import Hearth
import HearthTesting
import S3
import ScriptedS3
import Testing

@Suite("A codebase in one object")
struct S3ArchiveSourceTests {
    /// Lends a bucket with all archives that `archives.py` writes.
    private func withArchives(_ body: @escaping @Sendable (S3Client, MemoryBucket) async throws -> Void) async throws {
        try await withTemporaryFolder { folder in
            let script = Process()
            script.executableURL = URL(filePath: "/usr/bin/env")
            script.arguments = [
                "python3", URL(filePath: #filePath).deletingLastPathComponent().path + "/archives.py", folder,
            ]
            try script.run()
            script.waitUntilExit()
            #expect(script.terminationStatus == 0)
            let bucket = MemoryBucket()
            for name in try FileManager.default.contentsOfDirectory(atPath: folder) {
                bucket.put("in/" + name, Array(FileManager.default.contents(atPath: folder + "/" + name) ?? Data()))
            }
            try await withMemoryBucket(bucket) { client in try await body(client, bucket) }
        }
    }

    private func listings(_ store: S3DocumentStore) async throws -> [DocumentListing] {
        var all: [DocumentListing] = []
        for try await listing in try await store.list() { all.append(listing) }
        return all
    }

    @Test("a tar.gz and a zip do what every document store does")
    func conformance() async throws {
        try await withArchives { client, _ in
            for name in ["good.tar.gz", "good.zip", "stored.zip", "dotted.tgz", "members.tar.gz"] {
                let suite = DocumentStoreConformance(
                    try S3DocumentStore(source: "s3://code/in/" + name, client: client))
                try await suite.listsInOrder()
                try await suite.readsWhatItLists()
                try await suite.refuses()
            }
        }
    }

    @Test("an archive without a file is an error, unless an ignore file says that it is meant")
    func nothing() async throws {
        try await withArchives { client, _ in
            for name in ["bare.tar.gz", "bare.zip"] {
                try await DocumentStoreConformance.isNeverEmpty(
                    S3DocumentStore(source: "s3://code/in/" + name, client: client))
            }
            for name in ["emptied.tar.gz", "emptied.zip"] {
                try await DocumentStoreConformance.isEmptiedByAnIgnoreFile(
                    S3DocumentStore(source: "s3://code/in/" + name, client: client))
            }
        }
    }

    @Test("ignore files, sizes, links and long names are as in a folder")
    func mixed() async throws {
        try await withArchives { client, _ in
            for name in ["pax.tar.gz", "gnu.tar.gz", "mixed.zip"] {
                let store = try S3DocumentStore(
                    source: "s3://code/in/" + name, client: client,
                    settings: ProjectSettings(maximumDocumentBytes: 4096))
                let all = try await listings(store)
                let long = all.first { $0.path.hasSuffix("/file.swift") }
                #expect(long?.path.utf8.count == 4 * 84 + 3 + 11 && long?.skipped == nil, "\(name)")
                let skipped = Dictionary(
                    all.compactMap { l in l.skipped.map { (l.path, $0) } }, uniquingKeysWith: { $1 })
                #expect(skipped == ["link": .link, "a.log": .ignored, "big.txt": .tooLarge], "\(name)")
                #expect(all.count == 9, "\(name): \(all.map(\.path))")
                #expect(try await store.read("link", limit: 100) == nil)
                await #expect(throws: StoreError.self) { try await store.read("big.txt", limit: 100) }
            }
        }
    }

    @Test(
        "what is cut off, damaged or no archive is an error, never a smaller tree",
        arguments: [
            "cut.tar.gz", "cut.zip", "nothing.tar.gz", "nothing.zip", "text.tar.gz", "text.zip", "entry-cut.tar.gz",
            "crc.zip",
        ])
    func damaged(name: String) async throws {
        try await withArchives { client, _ in
            let store = try S3DocumentStore(source: "s3://code/in/" + name, client: client)
            let error = await #expect(throws: StoreError.self) { try await listings(store) }
            #expect(error?.code == .corrupt, "\(name): \(error?.message ?? "")")
        }
    }

    @Test(
        "paths that lead out, entries that overlap and archives that grow without end are refused",
        arguments: ["up.tar.gz", "root.tar.gz", "up.zip", "overlap.zip", "bomb.tar.gz", "bomb.zip"])
    func hostile(name: String) async throws {
        try await withArchives { client, _ in
            let store = try S3DocumentStore(source: "s3://code/in/" + name, client: client)
            let error = await #expect(throws: StoreError.self) { try await listings(store) }
            #expect(error?.code == (name.hasPrefix("bomb") ? .tooLarge : .invalid), "\(name): \(error?.message ?? "")")
        }
    }

    @Test("a new archive changes only what is new in it, and its citations name archive and content")
    func renewed() async throws {
        try await withArchives { client, bucket in
            func copy(_ name: String) async throws {
                bucket.put("in/code.tar.gz", try await client.get("in/" + name, in: "code").bytes(limit: 1 << 20))
            }
            let memory = S3StoreMemory()
            let store = try S3DocumentStore(source: "s3://code/in/code.tar.gz", client: client, memory: memory)
            try await copy("one.tar.gz")
            let before = try await listings(store)
            let gets = bucket.requests("GET")
            let first = try #require(try await store.read("b", limit: 10))
            #expect(try await store.read("a", limit: 10)?.bytes == Array("same".utf8))
            #expect(bucket.requests("GET") == gets, "one unpacking serves all readings")
            let version = try #require(ObjectVersion(first.version))
            #expect(version.sha256 == Digest.sha256("old"))
            #expect(try await client.head("in/code.tar.gz", in: "code").etag == version.etag)
            try await copy("two.tar.gz")
            let after = try await listings(store)
            #expect(after.map(\.path) == ["a", "b", "c"] && before.map(\.path) == ["a", "b"])
            #expect(after[0].tag == before[0].tag && after[1].tag != before[1].tag)
            #expect(try await store.read("b", limit: 10)?.bytes == Array("new".utf8))
            bucket.delete("in/code.tar.gz")
            let gone = await #expect(throws: StoreError.self) { try await listings(store) }
            #expect(gone?.code == .empty && gone?.message.contains("s3://code/in/code.tar.gz") == true)
            await #expect(throws: StoreError.self) { try await store.listings(of: ["a"]) }
            bucket.put("in/code.tar.gz", try await client.get("in/bare.tar.gz", in: "code").bytes(limit: 1 << 20))
            try await DocumentStoreConformance.isNeverEmpty(store)
        }
    }
}
