import FoundationEssentials
import Gateway
import HTTPTypes
import HummingbirdTesting
import NIOCore
import OpenAI
import Testing

/// Speaks to a gateway.
struct TestGateway: Sendable {
    let client: any TestClientProtocol
    let gateway: Gateway

    struct Reply: Sendable {
        let status: Int
        let headers: HTTPFields
        let body: Data

        var text: String { String(decoding: body, as: UTF8.self) }

        func header(_ name: String) -> String? { HTTPField.Name(name).flatMap { headers[$0] } }

        var json: JSONValue { (try? JSONDecoder().decode(JSONValue.self, from: body)) ?? .null }

        /// The error object, as an SDK reads it.
        var error: ErrorReply.Detail? { (try? JSONDecoder().decode(ErrorReply.self, from: body))?.error }

        /// The `data:` lines of a stream, the last one `[DONE]` if it is there.
        var data: [String] {
            text.split(separator: "\n\n").filter { $0.hasPrefix("data: ") }.map { String($0.dropFirst(6)) }
        }

        var chunks: [ChatCompletionChunk] {
            data.compactMap { try? JSONDecoder().decode(ChatCompletionChunk.self, from: Data($0.utf8)) }
        }

        /// The text of all chunks.
        var streamedText: String { chunks.compactMap { $0.choices.first?.delta.content }.joined() }
    }

    func send(
        _ method: HTTPRequest.Method,
        _ path: String,
        headers: [String: String] = [:],
        body: String? = nil
    ) async throws -> Reply {
        try await send(method, path, headers: headers, bytes: body.map { Data($0.utf8) })
    }

    func send(
        _ method: HTTPRequest.Method,
        _ path: String,
        headers: [String: String] = [:],
        bytes: Data?
    ) async throws -> Reply {
        var fields = HTTPFields()
        for (name, value) in headers { fields[try #require(HTTPField.Name(name))] = value }
        return try await client.execute(
            uri: path, method: method, headers: fields, body: bytes.map { ByteBuffer(bytes: $0) }
        ) { response in
            Reply(
                status: response.status.code, headers: response.headers, body: Data(response.body.readableBytesView))
        }
    }

    func get(_ path: String, headers: [String: String] = [:]) async throws -> Reply {
        try await send(.get, path, headers: headers)
    }

    /// Posts a chat request with the fields `extra` beside model and messages.
    func chat(
        _ question: String = "Where is the backoff?",
        model: String = "hearth/demo",
        headers: [String: String] = [:],
        _ extra: String = ""
    ) async throws -> Reply {
        try await send(
            .post, "/v1/chat/completions", headers: headers,
            body:
                #"{"model":"\#(model)","messages":[{"role":"user","content":"\#(question)"}]\#(extra.isEmpty ? "" : ",")\#(extra)}"#
        )
    }
}
