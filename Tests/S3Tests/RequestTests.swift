import AsyncHTTPClient
import NIOCore
import ScriptedS3
import Synchronization
import Testing

@testable import S3

@Suite("Requests to a scripted server")
struct RequestTests {
    /// Every script beside a client whose waits are counted, not waited.
    private func run(
        at seconds: Int = 1_800_000_000,
        _ script: @escaping ScriptedS3.Script,
        _ body: @escaping @Sendable (S3Client) async throws -> Void
    ) async throws {
        try await withHTTPClient { http in
            try await ScriptedS3.run(script) { server in
                try await body(
                    testClient(http, endpoint: server.endpoint, clock: { seconds }))
            }
        }
    }

    private static let found: [(name: String, value: String)] = [("etag", "\"e\"")]

    @Test(
        "the request line is the signed target, byte for byte",
        arguments: [
            "plain.txt", "a b+c/é%25.swift", "a//b", "/lead", "trail/", "~!$&'()*,;=:@", "%", "a?b#c", "日本/ü",
            "[x]{y}|^`\"<>\\", "a/./b", "a/../b", "..",
        ])
    func targets(key: String) async throws {
        let seen = Mutex("")
        try await run { received in
            seen.withLock { $0 = received.target }
            return ScriptedS3.Reply(200, headers: Self.found)
        } _: { client in
            _ = try await client.put(.bytes([1]), to: key, in: "bucket")
            #expect(seen.withLock { $0 } == S3Target(path: "/bucket/" + key).text)
        }
    }

    @Test("passing failures are repeated with growing waits, others never")
    func repeats() async throws {
        for (status, code, tries) in [
            (503, "SlowDown", 3), (500, "InternalError", 3), (502, "", 3), (404, "NoSuchKey", 1),
            (403, "AccessDenied", 1),
            (400, "InvalidArgument", 1),
        ] {
            let count = Atomic(0)
            try await run { _ in
                count.add(1, ordering: .relaxed)
                return .error(status, code)
            } _: { client in
                let error = await #expect(throws: S3Error.self) { try await client.get("k", in: "b") }
                #expect(error?.status == status && error?.isRetriable == (tries > 1))
                #expect(count.load(ordering: .relaxed) == tries)
            }
        }
    }

    @Test("a body that is streamed is sent once, one in memory again")
    func streamedBodies() async throws {
        for (isStreamed, tries) in [(true, 1), (false, 2)] {
            let count = Atomic(0)
            try await run { received in
                #expect(received.body == [1, 2, 3])
                let number = count.add(1, ordering: .relaxed).newValue
                return number == 1 ? .error(503, "SlowDown") : ScriptedS3.Reply(200, headers: Self.found)
            } _: { client in
                let chunks = AsyncStream<ByteBuffer>(bufferingPolicy: .bufferingOldest(8)) { stream in
                    stream.yield(ByteBuffer(bytes: [1, 2]))
                    stream.yield(ByteBuffer(bytes: [3]))
                    stream.finish()
                }
                let body = isStreamed ? S3Body.stream(length: 3, chunks) : .bytes([1, 2, 3])
                let receipt = try? await client.put(body, to: "k", in: "b")
                #expect((receipt == nil) == isStreamed)
                #expect(count.load(ordering: .relaxed) == tries)
            }
        }
    }

    @Test("a clock that is wrong follows the server's, and stays with it")
    func skew() async throws {
        let days = Mutex<[String]>([])
        // The server's own Date field is the present.
        try await run(at: 1_000_000_000) { received in
            let day = received.header("x-amz-date").map { String($0.prefix(8)) } ?? ""
            days.withLock { $0.append(day) }
            return day == "20010909" ? .error(403, "RequestTimeTooSkewed") : ScriptedS3.Reply(200, headers: Self.found)
        } _: { client in
            _ = try await client.put(.bytes([1]), to: "k", in: "b")
            _ = try await client.put(.bytes([1]), to: "k", in: "b")
            let seen = days.withLock { $0 }
            #expect(seen.count == 3 && seen.first == "20010909" && seen[1] > "20260101" && seen[2] >= seen[1])
        }
    }

    @Test("a server whose clock never fits is an error that says so")
    func hopelessSkew() async throws {
        let count = Atomic(0)
        try await run { _ in
            count.add(1, ordering: .relaxed)
            return .error(403, "RequestTimeTooSkewed", headers: [("date", "Fri, 24 May 2013 00:00:00 GMT")])
        } _: { client in
            let error = await #expect(throws: S3Error.self) { try await client.get("k", in: "b") }
            #expect(error?.code == .clockSkewed && count.load(ordering: .relaxed) == 2)
        }
    }

    @Test("credentials that were rotated are tried once")
    func rotation() async throws {
        let looks = Atomic(0)
        let source = S3CredentialSource(place: "here") {
            S3Credentials(
                accessKeyID: looks.add(1, ordering: .relaxed).newValue == 1 ? "OLD" : "NEW", secretAccessKey: "s")
        }
        try await withHTTPClient { http in
            try await ScriptedS3.run { received in
                received.header("authorization")?.contains("Credential=NEW/") == true
                    ? ScriptedS3.Reply(200, headers: Self.found) : .error(403, "InvalidAccessKeyId")
            } _: { server in
                var client = try testClient(http, endpoint: server.endpoint)
                client = testClient(http, client.configuration.with(source))
                _ = try await client.put(.bytes([1]), to: "k", in: "b")
            }
        }
    }

    @Test("a listing that breaks off, or answers something else, throws", arguments: [0, 1, 2, 3])
    func brokenListing(kind: Int) async throws {
        try await run { received in
            if received.parameter("continuation-token") == nil {
                return ScriptedS3.Reply(
                    200,
                    body:
                        "<ListBucketResult><IsTruncated>true</IsTruncated><NextContinuationToken>2</NextContinuationToken>"
                        + "<Contents><Key>a</Key><Size>1</Size><ETag>e</ETag></Contents></ListBucketResult>")
            }
            switch kind {
            case 0: return .error(500, "InternalError")
            case 1: return ScriptedS3.Reply(200, body: "<html>welcome</html>")
            case 2: return ScriptedS3.Reply(200, body: "<ListBucketResult><IsTrunc")
            default: return ScriptedS3.Reply(200, body: "<ListBucketResult>", breaksOff: true)
            }
        } _: { client in
            var keys: [String] = []
            await #expect(throws: S3Error.self) {
                for try await object in client.objects(in: "b") { keys.append(object.key) }
            }
            #expect(keys == ["a"])
        }
    }

    @Test("an object that breaks off is an error, never a shorter object")
    func brokenBody() async throws {
        try await run { _ in
            ScriptedS3.Reply(200, headers: Self.found, body: "half", breaksOff: true)
        } _: { client in
            let error = await #expect(throws: S3Error.self) {
                try await client.get("k", in: "b").bytes(limit: 1 << 20)
            }
            #expect(error?.code == .interrupted && error?.isRetriable == true)
        }
    }

    @Test("a multipart upload that fails is aborted, and one that was completed unheard is recognised")
    func multipart() async throws {
        let requests = Mutex<[String]>([])
        let part = S3ETag.single([UInt8](repeating: 7, count: 10))
        let tag = S3ETag.multipart([part, part]) ?? ""
        for isLost in [false, true] {
            requests.withLock { $0 = [] }
            try await run { received in
                requests.withLock { $0.append("\(received.method) \(received.parameter("partNumber") ?? "")") }
                if received.parameter("uploads") != nil {
                    return ScriptedS3.Reply(
                        200,
                        body: "<InitiateMultipartUploadResult><UploadId>u</UploadId></InitiateMultipartUploadResult>")
                }
                switch received.method {
                case "PUT" where isLost: return ScriptedS3.Reply(200, headers: [("etag", "\"\(part)\"")])
                case "PUT": return .error(403, "AccessDenied")
                case "POST": return .error(404, "NoSuchUpload")
                case "HEAD": return ScriptedS3.Reply(200, headers: [("etag", "\"\(tag)\"")], body: "x")
                default: return ScriptedS3.Reply(204)
                }
            } _: { client in
                let receipt = try? await client.putParts([0..<10, 10..<20], to: "k", in: "b", concurrency: 1) {
                    ByteBuffer(repeating: 7, count: $0.count)
                }
                #expect(receipt?.etag == (isLost ? tag : nil))
                let last = requests.withLock { $0.last }
                #expect(last == (isLost ? "HEAD " : "DELETE "))
            }
        }
    }

    @Test("an upload that the server has begun, but not yet said so, is taken back when the caller is cancelled")
    func cancelledBeginning() async throws {
        let (asked, ask) = AsyncStream.makeStream(of: Void.self)
        let (answered, answer) = AsyncStream.makeStream(of: Void.self)
        let requests = Mutex<[String]>([])
        try await run { received in
            requests.withLock { $0.append("\(received.method) \(received.parameter("uploadId") ?? "")") }
            guard received.parameter("uploads") != nil else { return ScriptedS3.Reply(204) }
            ask.finish()
            for await _ in answered {}
            return ScriptedS3.Reply(
                200, body: "<InitiateMultipartUploadResult><UploadId>u</UploadId></InitiateMultipartUploadResult>")
        } _: { client in
            // Cancellation from outside is what is tested.
            let upload = Task {
                try await client.putParts([0..<10], to: "k", in: "b") { ByteBuffer(repeating: 7, count: $0.count) }
            }
            for await _ in asked {}
            upload.cancel()
            answer.finish()
            await #expect(throws: CancellationError.self) { try await upload.value }
            #expect(requests.withLock { $0 } == ["POST ", "DELETE u"])
        }
    }

    @Test("an object that is not read is not sent: the connection is as far ahead as its buffers, and no more")
    func backPressure() async throws {
        let size = 256 << 20
        let sender = try PatientSender(size: size)
        try await run { _ in
            ScriptedS3.Reply(200, headers: Self.found)
        } _: { other in
            try await withHTTPClient { http in
                let client = try testClient(http, endpoint: "http://127.0.0.1:\(sender.port)")
                let object = try await client.get("large", in: "b")
                var iterator = object.body.makeAsyncIterator()
                var taken = try await iterator.next()?.readableBytes ?? 0
                // Other work meanwhile, in which all of the object would have come if it could.
                for _ in 0..<300 { _ = try await other.put(.bytes([1]), to: "k", in: "b") }
                #expect(sender.sent < 32 << 20)
                while let chunk = try await iterator.next() { taken += chunk.readableBytes }
                #expect(taken == size && sender.sent == size)
            }
        }
    }

    @Test("waits grow, stay below their bound, and never undercut what the server asked for")
    func backoff() {
        let backoff = S3Backoff(first: .milliseconds(100), longest: .seconds(1))
        #expect(backoff.wait(after: 1, fraction: 1) == .milliseconds(100))
        #expect(backoff.wait(after: 3, fraction: 0.5) == .milliseconds(200))
        #expect(backoff.wait(after: 60, fraction: 1) == .seconds(1))
        #expect(backoff.wait(after: 1, retryAfter: .seconds(3), fraction: 0) == .seconds(3))
    }
}
