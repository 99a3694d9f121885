import Foundation
import Testing

@testable import Qdrant

@Suite("What is tried again")
struct QdrantRetryTests {
    @Test(
        "a status is the error that it stands for",
        arguments: [
            (400, QdrantError.Code.invalid, false), (401, .unauthorized, false), (403, .forbidden, false),
            (404, .notFound, false), (408, .timedOut, true), (409, .alreadyExists, false), (413, .tooLarge, false),
            (422, .invalid, false), (429, .rateLimited, true), (500, .failed, true), (502, .unavailable, true),
            (503, .unavailable, true), (504, .unavailable, true), (507, .full, false), (302, .malformedReply, false),
        ])
    func statuses(status: Int, code: QdrantError.Code, isRetriable: Bool) {
        let body = Data(#"{"status": {"error": "its words"}, "time": 0.1}"#.utf8)
        let error = QdrantError(status: status, body: body, retryAfter: "7", server: "http://x")
        #expect(error.code == code && error.isRetriable == isRetriable && error.status == status)
        #expect(code == .malformedReply || error.message.contains("its words"))
        #expect(error.retryAfter == (status == 429 ? .seconds(7) : nil))
        let plain = QdrantError(status: status, body: Data("Invalid API key".utf8), retryAfter: nil, server: "x")
        #expect(plain.code == code && (code == .malformedReply || plain.message.contains("Invalid API key")))
    }

    @Test("waits double up to the longest, and end with the attempts")
    func doubling() {
        let policy = QdrantRetryPolicy(attempts: 5, firstDelay: .seconds(1), longestDelay: .seconds(3))
        let error = QdrantError(.unavailable, "x")
        let delays = (1...5).map { policy.delay(after: error, attempt: $0, remaining: .seconds(60), jitter: 1) }
        #expect(delays == [.seconds(1), .seconds(2), .seconds(3), .seconds(3), nil])
        #expect(policy.delay(after: error, attempt: 2, remaining: .seconds(60), jitter: 0) == .seconds(1))
        #expect(policy.delay(after: error, attempt: 2, remaining: .milliseconds(900), jitter: 0) == nil)
    }

    @Test("the server's own time is kept, not shortened; one that outlasts the call is not waited for")
    func retryAfter() {
        let policy = QdrantRetryPolicy(attempts: 3, firstDelay: .seconds(1), longestDelay: .seconds(3))
        let error = QdrantError(.rateLimited, "x", retryAfter: .seconds(9))
        #expect(policy.delay(after: error, attempt: 1, remaining: .seconds(10), jitter: 0) == .seconds(9))
        #expect(policy.delay(after: error, attempt: 1, remaining: .seconds(8), jitter: 0) == nil)
    }

    @Test("what cannot pass is not tried again")
    func final() {
        for code in [QdrantError.Code.invalid, .notFound, .full, .unauthorized, .tooLarge, .malformedReply] {
            let delay = QdrantRetryPolicy().delay(
                after: QdrantError(code, "x"), attempt: 1, remaining: .seconds(60), jitter: 0)
            #expect(delay == nil)
        }
    }
}
