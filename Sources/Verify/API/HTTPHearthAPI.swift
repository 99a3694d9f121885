public import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1
import OpenAI

/// Hearth's API over HTTP.
public struct HTTPHearthAPI: HearthAPI {
    private let base: String
    private let key: String?
    private let client: HTTPClient
    private let timeout: TimeAmount

    /// - Parameters:
    ///   - url: for example `http://127.0.0.1:8080`.
    ///   - key: sent as bearer token; it must be allowed to change projects.
    ///   - timeout: for one answer.
    public init(url: String, key: String?, client: HTTPClient, timeout: Duration = .seconds(600)) {
        base = url.hasSuffix("/") ? String(url.dropLast()) : url
        self.key = key
        self.client = client
        self.timeout = TimeAmount(timeout)
    }

    public func models() async throws -> [String] {
        try await read(ModelList.self, from: .GET, "/v1/models").data.map(\.id)
    }

    public func createProject(_ id: String, source: String, passageLimit: Int?) async throws {
        var body: [String: JSONValue] = ["id": .string(id), "source": .string(source)]
        if let passageLimit { body["settings"] = .object(["passage_limit": .integer(passageLimit)]) }
        _ = try await succeed(.POST, "/v1/projects", .object(body))
    }

    public func source(of project: String) async throws -> String? {
        struct View: Decodable { let source: String }
        let (status, data) = try await send(.GET, "/v1/projects/\(project)", nil)
        if status == 404 { return nil }
        return try decoded(View.self, try accepted(status, data)).source
    }

    public func deleteProject(_ id: String) async throws -> Bool { try await delete("/v1/projects/\(id)") }

    public func deleteSession(_ id: String) async throws -> Bool { try await delete("/v1/sessions/\(id)") }

    public func ingest(_ project: String) async throws -> IngestState {
        try await read(IngestState.self, from: .POST, "/v1/projects/\(project)/ingest", .object([:]))
    }

    public func search(
        _ project: String,
        query: String,
        limit: Int,
        pathPrefix: String?
    ) async throws -> [FoundPassage] {
        struct List: Decodable { let data: [FoundPassage] }
        var body: [String: JSONValue] = [
            "project": .string(project), "query": .string(query), "limit": .integer(limit),
        ]
        if let pathPrefix { body["path_prefix"] = .string(pathPrefix) }
        return try await read(List.self, from: .POST, "/v1/search", .object(body)).data
    }

    public func ask(_ question: VerifyQuestion) async throws -> Reply {
        var chat = ChatCompletionRequest(
            model: question.model, messages: [ChatRequestMessage(role: "user", content: .text(question.text))],
            stream: false)
        chat.temperature = question.options.temperature
        chat.topK = question.options.topK
        chat.seed = question.options.seed
        chat.maxTokens = question.options.maximumTokens
        var headers: [(String, String)] = []
        if let session = question.session { headers.append(("x-hearth-session", session)) }
        if let key = question.idempotencyKey { headers.append(("idempotency-key", key)) }
        let body = NarrowedChat(
            chat: chat, pathPrefix: question.pathPrefix, contextLength: question.options.contextLength)
        let (status, data) = try await send(.POST, "/v1/chat/completions", body, headers)
        guard status == 200 else {
            let detail = try? JSONDecoder().decode(ErrorReply.self, from: data).error
            return .refusal(status: status, code: detail?.code ?? "", message: detail?.message ?? "HTTP \(status)")
        }
        let completion = try decoded(ChatCompletion.self, data)
        struct Extras: Decodable { let hearth: AnswerOrigin }
        guard let choice = completion.choices.first else {
            throw VerifyError(.malformedReply, "\(base) answered without a choice. Is it a Hearth of this version?")
        }
        return .answer(
            GivenAnswer(
                text: choice.message.content, finishReason: choice.finishReason,
                promptTokens: completion.usage?.promptTokens ?? 0,
                completionTokens: completion.usage?.completionTokens ?? 0,
                origin: try decoded(Extras.self, data).hearth))
    }

    public func timeline(of session: String) async throws -> [TimelineEntry] {
        struct List: Decodable { let data: [TimelineEntry] }
        let (status, data) = try await send(.GET, "/v1/sessions/\(session)/timeline?limit=1000", nil)
        if status == 404 { return [] }
        return try decoded(List.self, try accepted(status, data)).data
    }

    public func answer(_ correlationID: String) async throws -> PastAnswer? {
        let (status, data) = try await send(.GET, "/v1/tasks/\(correlationID)", nil)
        if status == 404 { return nil }
        return try decoded(PastAnswer.self, try accepted(status, data))
    }

    private func delete(_ path: String) async throws -> Bool {
        let (status, data) = try await send(.DELETE, path, nil)
        if status == 404 { return false }
        _ = try accepted(status, data)
        return true
    }

    private func read<Value: Decodable>(
        _ type: Value.Type,
        from method: HTTPMethod,
        _ path: String,
        _ body: JSONValue? = nil
    ) async throws -> Value {
        try decoded(type, try await succeed(method, path, body))
    }

    private func succeed(_ method: HTTPMethod, _ path: String, _ body: JSONValue?) async throws -> Data {
        let (status, data) = try await send(method, path, body)
        return try accepted(status, data)
    }

    private func accepted(_ status: Int, _ data: Data) throws -> Data {
        guard !(200..<300).contains(status) else { return data }
        let message = (try? JSONDecoder().decode(ErrorReply.self, from: data))?.error.message
        throw VerifyError(.refused, "\(base) answered \(status): \(message ?? "no reason given").")
    }

    private func decoded<Value: Decodable>(_ type: Value.Type, _ data: Data) throws -> Value {
        do { return try JSONDecoder().decode(type, from: data) } catch {
            throw VerifyError(
                .malformedReply, "\(base) answered something else. Is it a Hearth of this version? (\(error))")
        }
    }

    private func send(
        _ method: HTTPMethod,
        _ path: String,
        _ body: (some Encodable)?,
        _ headers: [(String, String)] = []
    ) async throws -> (Int, Data) {
        var request = HTTPClientRequest(url: base + path)
        request.method = method
        for (name, value) in headers { request.headers.add(name: name, value: value) }
        if let key { request.headers.add(name: "authorization", value: "Bearer \(key)") }
        if let body {
            request.headers.add(name: "content-type", value: "application/json")
            // A request that is sent again has the same bytes, or its idempotency key is another request's.
            let encoder = JSONEncoder()
            encoder.outputFormatting = .sortedKeys
            request.body = .bytes(ByteBuffer(bytes: try encoder.encode(body)))
        }
        do {
            let response = try await client.execute(request, timeout: timeout)
            let bytes = try await response.body.collect(upTo: 64 << 20)
            return (Int(response.status.code), Data(bytes.readableBytesView))
        } catch is CancellationError {
            throw CancellationError()
        } catch {
            throw VerifyError(
                .unreachable,
                "\(base) does not answer. Start it with `hearth serve`, or name another: --url. (\(error))")
        }
    }

    private func send(_ method: HTTPMethod, _ path: String, _ body: JSONValue?) async throws -> (Int, Data) {
        try await send(method, path, body, [])
    }
}
