import AsyncHTTPClient
import FoundationEssentials
import NIOCore
import S3
import ScriptedS3
import Synchronization
import Testing

private let isStrict = RealS3.isStrict

@Suite("A real server", .enabled(if: RealS3.isThere))
struct ServerTests {
    /// Lends a bucket, and removes it with all that is in it.
    private func withBucket(_ body: @Sendable (S3Client, String) async throws -> Void) async throws {
        let configuration = try RealS3.configuration()
        let bucket = "s3tests-\(UUID().uuidString.lowercased())"
        try await withHTTPClient(RealS3.connections(to: [bucket, bucket + "-none"])) { http in
            let client = S3Client(configuration, http: http)
            try await client.createBucket(bucket)
            do {
                try await body(client, bucket)
            } catch {
                try? await remove(bucket, client)
                throw error
            }
            try await remove(bucket, client)
        }
    }

    private func remove(_ bucket: String, _ client: S3Client) async throws {
        for version in try await client.versions(in: bucket) {
            try await client.delete(version.key, in: bucket, versionID: version.versionID)
        }
        try await client.deleteBucket(bucket)
    }

    private func keys(_ client: S3Client, _ bucket: String, prefix: String = "", after: String? = nil) async throws
        -> [String]
    {
        var keys: [String] = []
        for try await object in client.objects(in: bucket, prefix: prefix, startAfter: after) {
            keys.append(object.key)
        }
        return keys
    }

    @Test("keys of all kinds are written, read, listed and deleted")
    func keys() async throws {
        try await withBucket { client, bucket in
            let keys =
                [
                    "plain", "a b", "a+b", "é/ü.swift", "100%", "%41", "a//b", "~tilde", "wow!", "(x)*'$&,;:=@",
                    "a?b#c",
                    "[x]{y}|^`\"<>\\", "日本語/ファイル", "trail/", "emoji 🔥", "tab\tx", "a&b;c",
                ] + (isStrict ? ["line\nbreak"] : [])
            for key in keys {
                let receipt = try await client.put(.bytes(Array(key.utf8)), to: key, in: bucket)
                #expect(receipt.etag == S3ETag.single(key.utf8), "\(key)")
                #expect(try await client.get(key, in: bucket).bytes(limit: 100) == Array(key.utf8), "\(key)")
                #expect(try await client.head(key, in: bucket).size == key.utf8.count, "\(key)")
            }
            let sorted = keys.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
            #expect(try await self.keys(client, bucket) == sorted)
            for key in keys { try await client.delete(key, in: bucket) }
            #expect(try await self.keys(client, bucket).isEmpty)
            try await client.delete("never", in: bucket)
        }
    }

    @Test("prefixes and delimiters may have any character, too")
    func prefixes() async throws {
        try await withBucket { client, bucket in
            for key in ["a+b/é %/1", "a+b/é %/2", "a+b/x", "a b/y"] {
                try await client.put(.bytes([1]), to: key, in: bucket)
            }
            #expect(try await keys(client, bucket, prefix: "a+b/é %/") == ["a+b/é %/1", "a+b/é %/2"])
            let page = try await client.listPage(of: bucket, prefix: "a+b/", delimiter: "/")
            #expect(page.objects.map(\.key) == ["a+b/x"] && page.commonPrefixes == ["a+b/é %/"])
            #expect(try await keys(client, bucket, after: "a b/y") == ["a+b/x", "a+b/é %/1", "a+b/é %/2"])
        }
    }

    @Test("objects of no byte and of 20 MB, in one piece, streamed and in parts")
    func sizes() async throws {
        try await withBucket { client, bucket in
            try await client.put(.bytes([]), to: "empty", in: bucket)
            #expect(try await client.get("empty", in: bucket).bytes(limit: 0).isEmpty)
            var large: [UInt8] = []
            for number in 0..<20 { large += [UInt8](repeating: UInt8(number), count: 1_000_000) }
            let content = large
            let whole = try await client.put(.bytes(content), to: "whole", in: bucket)
            #expect(whole.etag == S3ETag.single(content))
            let chunks = AsyncStream<ByteBuffer>(bufferingPolicy: .bufferingOldest(400)) { stream in
                for start in stride(from: 0, to: content.count, by: 65_536) {
                    stream.yield(ByteBuffer(bytes: content[start..<min(start + 65_536, content.count)]))
                }
                stream.finish()
            }
            let streamed = try await client.put(.stream(length: content.count, chunks), to: "streamed", in: bucket)
            #expect(streamed.etag == whole.etag)
            let plan = S3PartPlan(size: content.count)
            #expect(plan.parts.count == 3 && plan.parts.last?.upperBound == content.count)
            let parts = try await client.putParts(plan.parts, to: "parts", in: bucket, metadata: ["kind": "code"]) {
                ByteBuffer(bytes: content[$0])
            }
            #expect(parts.etag == S3ETag.multipart(plan.parts.map { S3ETag.single(content[$0]) }))
            for key in ["whole", "streamed", "parts"] {
                #expect(try await client.get(key, in: bucket).bytes(limit: content.count) == content, "\(key)")
            }
            let head = try await client.head("parts", in: bucket)
            #expect(head.metadata["kind"] == "code" && head.size == content.count)
        }
    }

    @Test("ranges, conditions and metadata")
    func conditions() async throws {
        try await withBucket { client, bucket in
            let receipt = try await client.put(
                .bytes(Array("0123456789".utf8)), to: "k", in: bucket, contentType: "text/x-swift",
                metadata: ["Sha256": "a  b"])
            let range = try await client.get("k", in: bucket, range: 3..<6)
            #expect(range.head.size == 10)
            #expect(try await range.bytes(limit: 3) == Array("345".utf8))
            let tail = try await client.get("k", in: bucket, range: 8..<20)
            #expect(try await tail.bytes(limit: 9) == Array("89".utf8))
            let outside = await #expect(throws: S3Error.self) { try await client.get("k", in: bucket, range: 10..<11) }
            #expect(outside?.code == .invalidRange)
            let same = await #expect(throws: S3Error.self) {
                try await client.get("k", in: bucket, condition: .differs(etag: receipt.etag))
            }
            #expect(same?.code == .notModified)
            let other = await #expect(throws: S3Error.self) {
                try await client.get("k", in: bucket, condition: .matches(etag: "0123456789abcdef0123456789abcdef"))
            }
            #expect(other?.code == .preconditionFailed)
            #expect(
                try await client.get("k", in: bucket, condition: .matches(etag: receipt.etag)).bytes(limit: 10).count
                    == 10)
            let head = try await client.head("k", in: bucket)
            #expect(head.contentType == "text/x-swift" && head.metadata["sha256"] == "a  b" && head.lastModified != nil)
        }
    }

    @Test("an object is written once where that is asked for", .enabled(if: isStrict))
    func once() async throws {
        try await withBucket { client, bucket in
            try await client.put(.bytes([1]), to: "k", in: bucket, condition: .isAbsent)
            let again = await #expect(throws: S3Error.self) {
                try await client.put(.bytes([2]), to: "k", in: bucket, condition: .isAbsent)
            }
            #expect(again?.code == .preconditionFailed)
            #expect(try await client.get("k", in: bucket).bytes(limit: 1) == [1])
        }
    }

    @Test("2,500 keys come in the order of their bytes, over pages")
    func pages() async throws {
        try await withBucket { client, bucket in
            let keys = (0..<2500).map { "k/\(["a", "é", "Z", "~", "+", "日"][$0 % 6])/\($0)" }
            try await withThrowingTaskGroup(of: Void.self) { group in
                for (index, key) in keys.enumerated() {
                    if index >= 16 { try await group.next() }
                    group.addTask { try await client.put(.bytes([1]), to: key, in: bucket) }
                }
                try await group.waitForAll()
            }
            #expect(try await self.keys(client, bucket) == keys.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) })
            try await withThrowingTaskGroup(of: Void.self) { group in
                for (index, key) in keys.enumerated() {
                    if index >= 16 { try await group.next() }
                    group.addTask { try await client.delete(key, in: bucket) }
                }
                try await group.waitForAll()
            }
        }
    }

    @Test("versions are kept, read and hidden")
    func versions() async throws {
        try await withBucket { client, bucket in
            try await client.setVersioning(true, of: bucket)
            let first = try await client.put(.bytes([1]), to: "é", in: bucket)
            let second = try await client.put(.bytes([2]), to: "é", in: bucket)
            let id = try #require(first.versionID)
            #expect(second.versionID != nil && second.versionID != id)
            #expect(try await client.get("é", in: bucket, versionID: id).bytes(limit: 1) == [1])
            try await client.delete("é", in: bucket)
            let gone = await #expect(throws: S3Error.self) { try await client.get("é", in: bucket) }
            #expect(gone?.code == .noSuchKey)
            #expect(try await keys(client, bucket).isEmpty)
            let all = try await client.versions(in: bucket)
            #expect(all.count == 3 && all.filter(\.isDeleteMarker).count == 1 && all.allSatisfy { $0.key == "é" })
            #expect(try await client.get("é", in: bucket, versionID: id).head.versionID == id)
        }
    }

    @Test("a wrong secret, an unknown key, a missing bucket and a missing object are told apart")
    func refusals() async throws {
        try await withBucket { client, bucket async throws in
            let missing = await #expect(throws: S3Error.self) { try await client.get("none", in: bucket) }
            #expect(missing?.code == .noSuchKey && missing?.message.contains("none") == true)
            let none = await #expect(throws: S3Error.self) { try await client.get("none", in: bucket + "-none") }
            #expect(none?.code == .noSuchBucket)
            #expect(try await client.bucketExists(bucket))
            #expect(try await client.bucketExists(bucket + "-none") == false)
            await #expect(throws: S3Error.self) { try await keys(client, bucket + "-none") }
        }
    }

    @Test("a wrong secret and an unknown access key say what to check", .enabled(if: isStrict))
    func wrongSecret() async throws {
        try await withBucket { client, bucket in
            try await withHTTPClient(RealS3.connections(to: [bucket])) { http in
                let stranger = S3Client(try RealS3.configuration(secret: "wrong"), http: http)
                let error = await #expect(throws: S3Error.self) { try await keys(stranger, bucket) }
                #expect(error?.code == .signatureMismatch && error?.message.contains("secret") == true)
                #expect(error?.isRetriable == false)
                let unknown = S3Client(
                    try RealS3.configuration().with(.fixed(S3Credentials(accessKeyID: "nobody", secretAccessKey: "x"))),
                    http: http)
                let other = await #expect(throws: S3Error.self) { try await keys(unknown, bucket) }
                #expect(other?.code == .unknownAccessKey)
            }
        }
    }

    @Test("a clock that is a day wrong is set right by the first refusal", .enabled(if: isStrict))
    func skew() async throws {
        try await withBucket { client, bucket in
            try await withHTTPClient(RealS3.connections(to: [bucket])) { http in
                let wrong = testClient(http, try RealS3.configuration()) { Int(Date().timeIntervalSince1970) - 86_400 }
                try await wrong.put(.bytes([1]), to: "k", in: bucket)
                #expect(try await client.head("k", in: bucket).size == 1)
            }
        }
    }

    @Test(
        "a server whose authority is not trusted is refused at once, and told apart from one that is away",
        .enabled(if: RealS3.hasTLS))
    func untrusted() async throws {
        let missing = "none-\(UUID().uuidString.lowercased())"
        try await withHTTPClient(RealS3.connections(to: [missing], trusting: RealS3.stranger)) { http in
            let client = S3Client(try RealS3.configuration(isSecure: true), http: http)
            let error = await #expect(throws: S3Error.self) { try await client.bucketExists(missing) }
            #expect(error?.code == .untrusted && error?.isRetriable == false, "\(String(describing: error))")
            #expect(error?.message.contains("certificate") == true)
        }
        try await withHTTPClient(RealS3.connections(to: [missing])) { http in
            let client = S3Client(try RealS3.configuration(isSecure: true), http: http)
            #expect(try await client.bucketExists(missing) == false)
        }
    }
}
