import AsyncHTTPClient
import Foundation
import NIOCore
import NIOFoundationCompat
import NIOHTTP1

/// Sends requests to one server, again where that may help, and reads what it answers.
struct QdrantConnection: Sendable {
    /// Scheme, host and port, without a slash at the end.
    let server: String
    private let apiKey: String?
    private let timeout: Duration
    private let retry: QdrantRetryPolicy
    private let http: HTTPClient
    /// The largest answer that is read: a thousand vectors of the largest dimension, in decimal.
    private static let largestAnswer = 512 << 20

    init(_ configuration: QdrantConfiguration, http: HTTPClient) throws(QdrantError) {
        let url = configuration.url
        guard let parsed = URL(string: url), ["http", "https"].contains(parsed.scheme), parsed.host != nil else {
            throw QdrantError(.invalid, "'\(url)' is no address of a Qdrant. Give one like http://127.0.0.1:6333.")
        }
        server = url.hasSuffix("/") ? String(url.dropLast()) : url
        apiKey = configuration.apiKey
        timeout = configuration.timeout
        retry = configuration.retry
        self.http = http
    }

    /// For the server, which otherwise would go on with what nobody waits for.
    var timeoutSeconds: String { String(max(1, Int((timeout / .seconds(1)).rounded(.up)))) }

    /// Sends a request and reads the `result` of the answer.
    ///
    /// - Parameter check: throws if the result is not the one that was wanted; a retriable error is a failed attempt.
    func call<Result: Decodable>(
        _ method: HTTPMethod,
        _ path: String,
        _ parameters: [(String, String)] = [],
        _ body: Data? = nil,
        check: (Result) throws -> Void = { _ in }
    ) async throws -> Result {
        return try await attempting { deadline in
            let data = try await exchange(method, path, parameters, body, until: deadline)
            let answer: QdrantAnswer<Result>
            do { answer = try JSONDecoder().decode(QdrantAnswer<Result>.self, from: data) } catch {
                throw QdrantError(
                    .malformedReply, "\(server)\(path) answered what Qdrant would not; is it a Qdrant server?",
                    underlying: error)
            }
            try check(answer.result)
            return answer.result
        }
    }

    /// Sends a request and returns the answer as it is.
    func send(
        _ method: HTTPMethod, _ path: String, _ parameters: [(String, String)], _ body: Data?
    ) async throws -> Data {
        try await attempting { try await exchange(method, path, parameters, body, until: $0) }
    }

    /// The JSON of a request.
    func encoded(_ value: some Encodable) throws -> Data {
        do { return try JSONEncoder().encode(value) } catch {
            throw QdrantError(.invalid, "The request cannot be written as JSON.", underlying: error)
        }
    }

    private func attempting<Result>(
        _ body: (ContinuousClock.Instant) async throws -> Result
    ) async throws -> Result {
        let clock = ContinuousClock()
        let deadline = clock.now + timeout
        var attempt = 1
        while true {
            do {
                return try await body(deadline)
            } catch let error as QdrantError {
                try Task.checkCancellation()
                guard
                    let delay = retry.delay(
                        after: error, attempt: attempt, remaining: clock.now.duration(to: deadline),
                        jitter: .random(in: 0..<1))
                else { throw error }
                try await clock.sleep(for: delay)
                attempt += 1
            }
        }
    }

    /// The client's own deadline ends with the head of an answer; this one lasts until its last byte.
    private func exchange(
        _ method: HTTPMethod, _ path: String, _ parameters: [(String, String)], _ body: Data?,
        until deadline: ContinuousClock.Instant
    ) async throws -> Data {
        try await withThrowingTaskGroup(of: Data.self) { group in
            group.addTask { try await exchange(method, path, parameters, body) }
            group.addTask {
                try await ContinuousClock().sleep(until: deadline)
                throw QdrantError(.timedOut, "Qdrant at \(server) did not answer within \(timeout).")
            }
            defer { group.cancelAll() }
            guard let answer = try await group.next() else { throw CancellationError() }
            return answer
        }
    }

    private func exchange(
        _ method: HTTPMethod, _ path: String, _ parameters: [(String, String)], _ body: Data?
    ) async throws -> Data {
        let query = parameters.map { "\($0)=\($1)" }.joined(separator: "&")
        var request = HTTPClientRequest(url: server + path + (query.isEmpty ? "" : "?" + query))
        request.method = method
        if let apiKey { request.headers.add(name: "api-key", value: apiKey) }
        if let body {
            request.headers.add(name: "content-type", value: "application/json")
            request.body = .bytes(ByteBuffer(data: body))
        }
        let response: HTTPClientResponse
        let answer: Data
        do {
            response = try await http.execute(request, deadline: .distantFuture)
            answer = Data(buffer: try await response.body.collect(upTo: Self.largestAnswer))
        } catch {
            try Task.checkCancellation()
            throw QdrantError(
                .unreachable, "Qdrant at \(server) does not answer. Is it running there?", underlying: error)
        }
        guard (200..<300).contains(Int(response.status.code)) else {
            throw QdrantError(
                status: Int(response.status.code), body: answer,
                retryAfter: response.headers.first(name: "retry-after"), server: server)
        }
        return answer
    }
}

/// What every answer is wrapped in.
private struct QdrantAnswer<Result: Decodable>: Decodable {
    let result: Result
}
