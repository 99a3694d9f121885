import Backends
import Foundation
import Hearth
import HearthTesting
import S3
import ScriptedS3
import Testing

@Suite("A bucket as document store")
struct S3DocumentStoreTests {
    private func listings(
        _ client: S3Client, _ source: String = "s3://code", settings: ProjectSettings = ProjectSettings()
    ) async throws -> [DocumentListing] {
        var all: [DocumentListing] = []
        for try await listing in try await S3DocumentStore(source: source, client: client, settings: settings).list() {
            all.append(listing)
        }
        return all
    }

    private func version(of path: String, in store: S3DocumentStore) async throws -> ObjectVersion? {
        try await store.read(path, limit: 100).flatMap { ObjectVersion($0.version) }
    }

    private func conform(_ store: S3DocumentStore) async throws {
        let suite = DocumentStoreConformance(store)
        try await suite.listsInOrder()
        try await suite.readsWhatItLists()
        try await suite.refuses()
    }

    @Test("it does what every document store does, at a bucket's root and below a folder", arguments: ["", "deep/er/"])
    func conformance(prefix: String) async throws {
        let bucket = MemoryBucket()
        for (path, text) in DocumentStoreConformance.documents { bucket.put(prefix + path, Array(text.utf8)) }
        try await withMemoryBucket(bucket) { client in
            try await conform(S3DocumentStore(source: "s3://code/" + prefix, client: client))
        }
    }

    @Test("it does so on a real server, too", .enabled(if: S3Server.isThere))
    func realConformance() async throws {
        try await S3Server.withBucket { client, bucket in
            for (path, text) in DocumentStoreConformance.documents {
                try await client.put(.bytes(Array(text.utf8)), to: "src/" + path, in: bucket)
            }
            try await conform(S3DocumentStore(source: "s3://\(bucket)/src", client: client))
        }
    }

    @Test("a folder is a folder, not the beginning of names")
    func folders() async throws {
        let bucket = MemoryBucket("code", ["src/a": "1", "src2/b": "2", "src": "3", "src/": "", "srcx": "4"])
        try await withMemoryBucket(bucket) { client async throws in
            #expect(try await listings(client, "s3://code/src").map(\.path) == ["a"])
            #expect(try await listings(client).map(\.path) == ["src", "src/a", "src2/b", "srcx"])
        }
    }

    @Test(
        "a prefix below which there is nothing is an error, unless an ignore file says that it is meant",
        arguments: ["s3://code/none", "s3://code/src/n", "s3://code/folder", "s3://bare"])
    func nothing(source: String) async throws {
        let bucket =
            source.hasPrefix("s3://bare")
            ? MemoryBucket("bare")
            : MemoryBucket("code", ["src/name": "1", "folder/": "", "folder/in/": "", "none": "2"])
        try await withMemoryBucket(bucket) { client in
            try await DocumentStoreConformance.isNeverEmpty(S3DocumentStore(source: source, client: client))
            let prefix = ObjectLocation(source).map { $0.description.dropFirst("s3://\(bucket.name)/".count) } ?? ""
            bucket.put(prefix + ".hearthignore", [])
            try await DocumentStoreConformance.isEmptiedByAnIgnoreFile(S3DocumentStore(source: source, client: client))
        }
    }

    @Test("nor is it on a real server", .enabled(if: S3Server.isThere))
    func realNothing() async throws {
        try await S3Server.withBucket { client, bucket in
            let (root, none) = ("s3://\(bucket)/", "s3://\(bucket)/none/")
            try await DocumentStoreConformance.isNeverEmpty(S3DocumentStore(source: root, client: client))
            try await client.put(.bytes([]), to: ".hearthignore", in: bucket)
            try await DocumentStoreConformance.isEmptiedByAnIgnoreFile(S3DocumentStore(source: root, client: client))
            try await DocumentStoreConformance.isNeverEmpty(S3DocumentStore(source: none, client: client))
            let archive = try S3DocumentStore(source: "s3://\(bucket)/none.zip", client: client)
            let error = await #expect(throws: StoreError.self) { _ = try await archive.list() }
            #expect(error?.code == .empty)
            let nowhere = try S3DocumentStore(source: "s3://\(bucket)-none/a.zip", client: client)
            let other = await #expect(throws: StoreError.self) { _ = try await nowhere.list() }
            #expect(other?.code == .notFound)
        }
    }

    @Test("a bucket that is missing is an error, before the first element")
    func missing() async throws {
        try await withMemoryBucket(MemoryBucket()) { client in
            let store = try S3DocumentStore(source: "s3://other/src", client: client)
            let error = await #expect(throws: StoreError.self) { _ = try await store.list() }
            #expect(error?.code == .notFound)
            await #expect(throws: StoreError.self) { _ = try await store.read("a", limit: 10) }
            await #expect(throws: StoreError.self) { _ = try await store.listings(of: ["a"]) }
            #expect(throws: StoreError.self) { try S3DocumentStore(source: "s3:///x", client: client) }
        }
    }

    @Test("ignore files are honoured where they stand, also for names that sort before them")
    func ignores() async throws {
        let files = [
            ".gitignore": "*.log\nout/\n", "a.log": "x", "src/a.swift": "x", "src/.hearthignore": "secret*\n+page*\n",
            "src/secret.txt": "x", "out/b.swift": "x", "node_modules/x/index.js": "x", "extra.md": "x",
            "(group)/x.log": "x", "(group)/y.swift": "x", "src/+page.swift": "x", "src/+layout.swift": "x",
            "src/#/+page.ts": "x", "-/.gitignore": "*", "-/z": "x", "!/q.log": "x", "src/z/.gitignore": "!secret.txt",
            "src/z/secret.txt": "x",
        ]
        try await withMemoryBucket(MemoryBucket("code", files)) { client in
            let all = try await listings(client, settings: ProjectSettings(ignore: ["extra.md"]))
            let kept = all.filter { $0.skipped == nil }.map(\.path)
            #expect(
                kept == [
                    "(group)/y.swift", ".gitignore", "src/+layout.swift", "src/.hearthignore", "src/a.swift",
                    "src/z/.gitignore", "src/z/secret.txt",
                ])
            let ignored = all.filter { $0.skipped == .ignored }.map(\.path)
            #expect(
                ignored == [
                    "!/q.log", "(group)/x.log", "-/.gitignore", "-/z", "a.log", "extra.md", "src/#/+page.ts",
                    "src/+page.swift", "src/secret.txt",
                ])
            // Looked up one by one it is the same.
            let store = try S3DocumentStore(
                source: "s3://code", client: client, settings: ProjectSettings(ignore: ["extra.md"]))
            #expect(try await store.listings(of: Set(files.keys)) == all)
        }
    }

    @Test("the same tree in a folder on the disk is listed with the same paths and reasons")
    func sameAsFolder() async throws {
        var random = SystemRandomNumberGenerator()
        let names = ["a", "b.log", ".gitignore", "+c", "(d)", "-e", "out", "é", "z~", ".hearthignore", "A"]
        for _ in 0..<20 {
            var files: [String: String] = [:]
            for _ in 0..<40 {
                let depth = Int.random(in: 1...4, using: &random)
                var path = (0..<depth).map { _ in names.filter { !$0.contains("ignore") }.randomElement() ?? "a" }
                path[depth - 1] = names.randomElement() ?? "a"
                let joined = path.joined(separator: "/")
                // A file cannot be a folder, too.
                if files.keys.contains(where: { $0.hasPrefix(joined + "/") || joined.hasPrefix($0 + "/") }) { continue }
                let patterns = ["*.log\n", "out/\n", "!b.log\n", "/a\n", "(d)/**/+c\n", "-e\n", "é/*\n"]
                files[joined] = (0..<2).map { _ in patterns.randomElement() ?? "" }.joined()
            }
            let tree = files
            try await withTemporaryFolder { root in
                for (path, text) in tree {
                    let file = URL(filePath: root + "/" + path)
                    try FileManager.default.createDirectory(
                        at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
                    try Data(text.utf8).write(to: file)
                }
                var expected: [String] = []
                for try await listing in try await FolderDocumentStore(root: root).list() {
                    expected.append("\(listing.path) \(listing.size) \(listing.skipped?.rawValue ?? "")")
                }
                let wanted = expected
                try await withMemoryBucket(MemoryBucket("code", tree)) { client in
                    let found = try await listings(client).map { "\($0.path) \($0.size) \($0.skipped?.rawValue ?? "")" }
                    #expect(found == wanted)
                }
            }
        }
    }

    @Test("what is too large is listed as such and never read; keys that are no paths are unreadable")
    func skipped() async throws {
        let files = ["big": "12345", "small": "1", "a//b": "x", "c/../d": "x", "folder/": ""]
        try await withMemoryBucket(MemoryBucket("code", files)) { client in
            let all = try await listings(client, settings: ProjectSettings(maximumDocumentBytes: 4))
            #expect(all.map(\.path) == ["a//b", "big", "c/../d", "small"])
            #expect(all.map(\.skipped) == [.unreadable, .tooLarge, .unreadable, nil])
            let store = try S3DocumentStore(source: "s3://code", client: client)
            for path in ["../x", "/etc/passwd", "a//b", "", "."] {
                await #expect(throws: StoreError.self) { try await store.read(path, limit: 10) }
            }
        }
    }

    @Test(
        "a citation names version, ETag and content; an old version can still be fetched",
        .enabled(if: S3Server.isThere))
    func versions() async throws {
        try await S3Server.withBucket { client, bucket in
            let store = try S3DocumentStore(source: "s3://\(bucket)", client: client)
            try await client.put(.bytes(Array("one".utf8)), to: "a", in: bucket)
            let plain = try #require(try await version(of: "a", in: store))
            #expect(plain.versionID == nil && plain.sha256 == Digest.sha256("one"))
            try await client.setVersioning(true, of: bucket)
            try await client.put(.bytes(Array("two".utf8)), to: "a", in: bucket)
            let second = try #require(try await version(of: "a", in: store))
            try await client.put(.bytes(Array("three".utf8)), to: "a", in: bucket)
            let id = try #require(second.versionID)
            let old = try await client.get("a", in: bucket, versionID: id)
            #expect(old.head.etag == second.etag)
            #expect(Digest.sha256(try await old.bytes(limit: 10)) == second.sha256)
            try await client.delete("a", in: bucket)
            #expect(try await store.read("a", limit: 10) == nil)
            try await DocumentStoreConformance.isNeverEmpty(store)
        }
    }
}
