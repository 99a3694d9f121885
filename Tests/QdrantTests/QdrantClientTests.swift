import AsyncHTTPClient
import HTTPPeer
import Qdrant
import Testing

/// The client against a scripted server, which also does what a real one does seldom.
@Suite("Qdrant client", .timeLimit(.minutes(1)))
struct QdrantClientTests {
    private static let done = #"{"result": {"operation_id": 1, "status": "completed"}, "status": "ok", "time": 0}"#
    private static let count = #"{"result": {"count": 3}, "status": "ok", "time": 0}"#
    private static let refusal = #"{"status": {"error": "Wrong input: no"}, "time": 0}"#
    private static let quick = QdrantRetryPolicy(
        attempts: 4, firstDelay: .milliseconds(1), longestDelay: .milliseconds(2))

    private func withClient<Result: Sendable>(
        timeout: Duration = .seconds(20),
        key: String? = nil,
        batch: QdrantBatchLimits = QdrantBatchLimits(),
        _ respond: @escaping @Sendable (HTTPPeer.Request) async -> HTTPPeer.Reply,
        _ body: @escaping @Sendable (QdrantClient) async throws -> Result
    ) async throws -> Result {
        try await HTTPPeer.withPeer(respond) { peer in
            try await withHTTPClient { http in
                let configuration = QdrantConfiguration(
                    url: peer.url, apiKey: key, timeout: timeout, retry: Self.quick, batch: batch,
                    readConsistency: .majority, writeOrdering: .strong)
                return try await body(QdrantClient(configuration, http: http))
            }
        }
    }

    @Test("what may pass is tried again until it has", arguments: [500, 503, 408, 429])
    func passes(status: Int) async throws {
        let count = try await withClient { request in
            request.number < 3
                ? .answer(status, Self.refusal, headers: ["retry-after": "0"]) : .answer(200, Self.count)
        } _: {
            try await $0.count(in: "c")
        }
        #expect(count == 3)
    }

    @Test("a connection that breaks is tried again, before and in the middle of the answer")
    func breaks() async throws {
        let count = try await withClient { request in
            switch request.number {
            case 1: .hangUp
            case 2: .answer(200, "not JSON at all", headers: ["connection": "close"])
            default: .answer(200, Self.count)
            }
        } _: { client -> QdrantError.Code? in
            do { _ = try await client.count(in: "c") } catch let error as QdrantError { return error.code }
            return nil
        }
        // The second attempt met something that is no Qdrant, which does not pass.
        #expect(count == .malformedReply)
    }

    @Test("what cannot pass is said at once", arguments: [(400, 1), (401, 1), (404, 1), (507, 1), (503, 4)])
    func final(status: Int, requests: Int) async throws {
        let log = RequestLog()
        let error = try await withClient { request in
            log.add(request)
            return .answer(status, Self.refusal)
        } _: { client in
            await #expect(throws: QdrantError.self) { try await client.count(in: "c") }
        }
        #expect(error?.status == status && log.all.count == requests)
    }

    @Test(
        "a server that is silent, or stops in the middle, costs the call's time and no more", arguments: [true, false])
    func silence(inTheMiddle: Bool) async throws {
        let error = try await withClient(timeout: .milliseconds(200)) { _ in
            inTheMiddle ? .half(#"{"result": "#) : .silence
        } _: { client in
            await #expect(throws: QdrantError.self) { try await client.count(in: "c") }
        }
        #expect(error?.code == .timedOut && error?.isRetriable == true)
    }

    @Test("nobody at the address is said so, and is retriable")
    func nobody() async throws {
        try await withHTTPClient { http in
            let configuration = QdrantConfiguration(url: "http://127.0.0.1:9", timeout: .seconds(5), retry: Self.quick)
            let client = try QdrantClient(configuration, http: http)
            let error = await #expect(throws: QdrantError.self) { try await client.collections() }
            #expect(error?.code == .unreachable && error?.isRetriable == true)
            #expect(error?.message.contains("http://127.0.0.1:9") == true)
        }
    }

    @Test(
        "an address that is none is refused before anything is sent", arguments: ["", "qdrant", "ftp://x", "http://"])
    func address(url: String) async throws {
        try await withHTTPClient { http in
            let error = #expect(throws: QdrantError.self) {
                try QdrantClient(QdrantConfiguration(url: url), http: http)
            }
            #expect(error?.code == .invalid)
        }
    }

    @Test("a write is done when the server says completed, not before")
    func completed() async throws {
        let log = RequestLog()
        try await withClient { request in
            log.add(request)
            let status = request.number < 2 ? "wait_timeout" : "completed"
            return .answer(200, #"{"result": {"operation_id": 1, "status": "\#(status)"}, "status": "ok"}"#)
        } _: {
            try await $0.delete(QdrantFilter(must: [.equals("a", "b")]), from: "c")
        }
        #expect(log.all.count == 2)
        #expect(log.all.allSatisfy { $0.target.contains("wait=true") && $0.target.contains("ordering=strong") })
        let error = try await withClient { _ in
            .answer(200, #"{"result": {"operation_id": 1, "status": "acknowledged"}, "status": "ok"}"#)
        } _: { client in
            await #expect(throws: QdrantError.self) { try await client.delete([.number(1)], from: "c") }
        }
        #expect(error?.code == .incomplete)
    }

    @Test("the key goes with every request, and one that is refused is named")
    func key() async throws {
        let log = RequestLog()
        let error = try await withClient(key: "secret") { request in
            log.add(request)
            return .answer(401, "Invalid API key or JWT")
        } _: { client in
            await #expect(throws: QdrantError.self) { try await client.collections() }
        }
        #expect(error?.code == .unauthorized && error?.message.contains("API key") == true)
        #expect(log.all.map { $0.header("api-key") } == ["secret"])
        #expect(error?.message.contains("secret") == false)
    }

    @Test("many points leave in requests that are small enough, and none is lost")
    func batches() async throws {
        let log = RequestLog()
        try await withClient(batch: QdrantBatchLimits(points: 100, bytes: 4_000)) { request in
            log.add(request)
            return .answer(200, Self.done)
        } _: { client in
            let points = (0..<100).map { number in
                QdrantPoint(
                    id: .number(UInt64(number)), payload: ["text": String(repeating: "x", count: number)],
                    vectors: QdrantVectors(dense: ["d": [0.25, 0.5]]))
            }
            try await client.upsert(points, into: "a b")
        }
        #expect(log.all.count > 2 && log.all.allSatisfy { $0.body.utf8.count <= 4_000 && $0.method == "PUT" })
        #expect(log.all.allSatisfy { $0.target.hasPrefix("/collections/a%20b/points?") })
        let ids = log.all.flatMap { $0.body.split(separator: "\"id\":").dropFirst().map { $0.prefix { $0.isNumber } } }
        #expect(Set(ids).count == 100 && ids.count == 100)
    }

    @Test("an old server is not asked for what it would leave out")
    func version() async throws {
        let log = RequestLog()
        let error = try await withClient { request in
            log.add(request)
            return .answer(200, #"{"title": "qdrant", "version": "1.12.4", "commit": "x"}"#)
        } _: { client in
            let search = QdrantSearch.hybrid(
                [QdrantPrefetch(.dense([1]), using: "d", limit: 1)], fusion: .reciprocalRank(constant: 10), limit: 1)
            return await #expect(throws: QdrantError.self) {
                let _: [QdrantRecord<[String: String]>] = try await client.query(search, in: "c")
            }
        }
        #expect(error?.code == .unsupported && log.all.map(\.target) == ["/"])
        #expect(error?.message.contains("1.15.0") == true && error?.message.contains("1.12.4") == true)
    }

    @Test("a caller who gives up is let go at once")
    func cancelled() async throws {
        try await withClient { _ in
            .silence
        } _: { client in
            await withTaskGroup(of: Bool.self) { group in
                group.addTask {
                    do { _ = try await client.collections() } catch { return error is CancellationError }
                    return false
                }
                group.cancelAll()
                #expect(await group.next() == true)
            }
        }
    }

    @Test(
        "TLS is spoken with a certificate that was said to be trusted, and with no other",
        .enabled(if: TestCertificate.canBeMade))
    func certificates() async throws {
        try await TestCertificate.withCertificate { context, file in
            try await HTTPPeer.withPeer(tls: context) { _ in
                .answer(200, #"{"result": {"collections": [{"name": "c"}]}, "status": "ok"}"#)
            } _: { peer in
                let configuration = QdrantConfiguration(url: peer.url, timeout: .seconds(10), retry: Self.quick)
                try await withHTTPClient(trusting: file) { http in
                    let names = try await QdrantClient(configuration, http: http).collections()
                    #expect(names == ["c"])
                }
                try await withHTTPClient { http in
                    let error = await #expect(throws: QdrantError.self) {
                        try await QdrantClient(configuration, http: http).collections()
                    }
                    #expect(error?.code == .unreachable)
                }
            }
        }
    }

    @Test("a file without certificates is refused")
    func noCertificates() {
        let error = #expect(throws: QdrantError.self) {
            try HTTPClient.Configuration.qdrant(trusting: "/dev/null/none.pem")
        }
        #expect(error?.code == .invalid)
    }
}
