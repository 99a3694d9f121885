public import AsyncHTTPClient
import FoundationEssentials
import NIOCore
import NIOHTTP1

/// Speaks Ollama's native HTTP API.
///
/// All methods throw ``OllamaError``, or `CancellationError` when the task is cancelled, which also closes the
/// connection and thereby ends the generation.
public struct OllamaClient: Sendable {
    /// Scheme, host and port, without a slash at the end.
    public let baseURL: String
    private let http: HTTPClient
    private let controlTimeout: Duration
    private let longestLine: Int

    /// - Parameters:
    ///   - http: a client that does not retry to connect, and whose read timeout is longer than a model takes to
    ///     load and to read a prompt: until then the server sends nothing.
    ///   - controlTimeout: the most time for a request that starts no model.
    ///   - longestLine: bytes of a line of a streamed reply above which it counts as malformed.
    public init(
        baseURL: String = "http://127.0.0.1:11434",
        http: HTTPClient,
        controlTimeout: Duration = .seconds(5),
        longestLine: Int = 8 << 20
    ) {
        self.baseURL = baseURL.hasSuffix("/") ? String(baseURL.dropLast()) : baseURL
        self.http = http
        self.controlTimeout = controlTimeout
        self.longestLine = longestLine
    }

    /// The server's version, for example `0.12.3`.
    public func version() async throws -> String {
        try await control(.GET, "/api/version", as: VersionReply.self).version
    }

    /// The models that are installed, the last changed first.
    public func models() async throws -> [OllamaModel] {
        try await control(.GET, "/api/tags", as: TagsReply.self).models
    }

    /// What the server knows of a model.
    public func details(of model: String) async throws -> OllamaModelDetails {
        try await control(.POST, "/api/show", body: JSONEncoder().encode(["model": model]))
    }

    /// Starts a chat reply; returns when its first line is there. Reading it slowly slows the server down.
    public func chat(_ request: OllamaChatRequest) async throws -> OllamaChatStream {
        let response = try await execute(.POST, "/api/chat", body: try request.encoded(), deadline: .distantFuture)
        return OllamaChatStream(body: response.body, longestLine: longestLine)
    }

    /// One vector of length 1 for each input, in order.
    ///
    /// - Parameter limit: the most time, loading the model included; `nil` waits as long as the server is there.
    /// - Throws: `contextLengthExceeded` if an input is too long and the request does not allow to cut it.
    public func embed(_ request: OllamaEmbedRequest, within limit: Duration? = nil) async throws -> OllamaEmbedReply {
        let body = try JSONEncoder().encode(request)
        let deadline = limit.map { NIODeadline.now() + TimeAmount($0) } ?? .distantFuture
        let response = try await execute(.POST, "/api/embed", body: body, deadline: deadline)
        let reply: OllamaEmbedReply = try await decode(response.body, limit: 256 << 20)
        guard reply.embeddings.count == request.input.count else {
            let got = reply.embeddings.count
            throw OllamaError(.malformedReply, "Ollama sent \(got) embeddings for \(request.input.count) inputs.")
        }
        return reply
    }

    private func control<Reply: Decodable & Sendable>(
        _ method: HTTPMethod,
        _ path: String,
        body: Data? = nil,
        as type: Reply.Type = Reply.self
    ) async throws -> Reply {
        try await withThrowingTaskGroup(of: Reply.self) { group in
            group.addTask {
                let response = try await execute(method, path, body: body, deadline: .distantFuture)
                return try await decode(response.body, limit: 32 << 20)
            }
            group.addTask {
                try await Task.sleep(for: controlTimeout)
                throw OllamaError(.unreachable, "Ollama at \(baseURL) did not answer within \(controlTimeout).")
            }
            defer { group.cancelAll() }
            guard let reply = try await group.next() else { throw CancellationError() }
            return reply
        }
    }

    private func execute(
        _ method: HTTPMethod,
        _ path: String,
        body: Data?,
        deadline: NIODeadline
    ) async throws -> HTTPClientResponse {
        var request = HTTPClientRequest(url: baseURL + path)
        request.method = method
        if let body {
            request.headers.add(name: "content-type", value: "application/json")
            request.body = .bytes(ByteBuffer(bytes: body))
        }
        do {
            let response: HTTPClientResponse
            do {
                response = try await http.execute(request, deadline: deadline)
            } catch  where Self.isStaleConnection(error) {
                // The server closed a pooled connection in the moment that the request went out.
                response = try await http.execute(request, deadline: deadline)
            }
            guard (200..<300).contains(Int(response.status.code)) else {
                throw await failure(of: response)
            }
            return response
        } catch let error as OllamaError {
            throw error
        } catch {
            try Task.checkCancellation()
            throw OllamaError(.unreachable, "Ollama at \(baseURL) does not answer.", underlying: error)
        }
    }

    /// Whether the connection was closed before anything came back. None of the requests changes anything, so that
    /// each can be sent once more.
    private static func isStaleConnection(_ error: any Error) -> Bool {
        switch error {
        case let error as HTTPClientError: error == .remoteConnectionClosed
        case let error as ChannelError: error == .ioOnClosedChannel
        case is IOError: true
        default: false
        }
    }

    private func failure(of response: HTTPClientResponse) async -> OllamaError {
        let bytes = try? await response.body.collect(upTo: 64 << 10)
        let text = bytes.map { String(buffer: $0) } ?? ""
        let reply = try? JSONDecoder().decode(ErrorReply.self, from: Data(text.utf8))
        return OllamaError(
            status: Int(response.status.code), message: reply?.error ?? String(text.prefix(200)), server: baseURL)
    }

    private func decode<Reply: Decodable>(_ body: HTTPClientResponse.Body, limit: Int) async throws -> Reply {
        let bytes: ByteBuffer
        do {
            bytes = try await body.collect(upTo: limit)
        } catch {
            try Task.checkCancellation()
            throw OllamaError(.interrupted, "The reply of Ollama at \(baseURL) broke off.", underlying: error)
        }
        do {
            return try JSONDecoder().decode(Reply.self, from: Data(bytes.readableBytesView))
        } catch {
            throw OllamaError(
                .malformedReply, "\(baseURL) sent what Ollama would not; is it an Ollama server?", underlying: error)
        }
    }
}
