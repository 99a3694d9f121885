import FoundationEssentials
import Hearth

/// An error as OpenAI-compatible servers write it, in all the shapes that they have had.
struct CompletionFailure: Decodable, Sendable {
    /// Empty if the server gave no words.
    let message: String
    /// Type and code, in one text to search in.
    let kind: String

    init(message: String, kind: String = "") {
        self.message = message
        self.kind = kind
    }

    /// Reads a body or a line; what is no error that is known becomes one of its first words.
    init(_ body: some Sequence<UInt8>) {
        let data = Data(body)
        if let failure = try? JSONDecoder().decode(Self.self, from: data) {
            self = failure
        } else {
            self.init(message: String(String(decoding: data, as: UTF8.self).prefix(200)))
        }
    }

    /// Decodes `{"error": {…}}`, `{"error": "…"}`, vLLM's old `{"object": "error", …}` and FastAPI's `{"detail": "…"}`.
    init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: Key.self)
        if let text = try? fields.decode(String.self, forKey: .error) {
            self.init(message: text)
        } else if let inner = try? fields.nestedContainer(keyedBy: Key.self, forKey: .error) {
            try self.init(fields: inner)
        } else if let text = try? fields.decode(String.self, forKey: .detail) {
            self.init(message: text)
        } else {
            try self.init(fields: fields)
        }
    }

    private init(fields: KeyedDecodingContainer<Key>) throws {
        let type = (try? fields.decodeIfPresent(String.self, forKey: .type)) ?? ""
        let code = (try? fields.decodeIfPresent(String.self, forKey: .code)) ?? ""
        self.init(message: try fields.decode(String.self, forKey: .message), kind: "\(type) \(code)")
    }

    private enum Key: String, CodingKey { case error, message, type, code, detail }

    /// The error that a reply with this status stands for; `nil` for an error in the middle of a stream.
    func generatorError(status: Int?, model: String, server: String) -> GeneratorError {
        let said = message.isEmpty ? "it gave no reason" : message
        if saysContextLength {
            return GeneratorError(
                .contextLengthExceeded,
                "The prompt does not fit into the context of '\(model)' (\(said)). Set generator.context_length to "
                    + "what the server has.")
        }
        switch status {
        case 401, 403:
            return GeneratorError(.refused, "\(server) refused the API key: \(said). Set generator's API key.")
        case 404 where said.lowercased().contains("model") || kind.contains("model"):
            return GeneratorError(.modelNotFound, "\(server) has no model '\(model)': \(said)")
        case 404, 405:
            return GeneratorError(
                .refused, "\(server) does not know this route. Its address usually ends with /v1.")
        case 429, 503:
            return GeneratorError(.overloaded, "\(server) has too much to do: \(said)")
        case 408, nil:
            return GeneratorError(.unavailable, "\(server) broke off: \(said)")
        case .some(400..<500):
            return GeneratorError(.refused, "\(server) refused the request: \(said)")
        case .some:
            return GeneratorError(.unavailable, "\(server) failed: \(said)")
        }
    }

    /// There is a code for it with OpenAI and llama.cpp; vLLM says it in the message only.
    var saysContextLength: Bool {
        let text = message.lowercased()
        return kind.contains("context_length_exceeded") || kind.contains("exceed_context_size")
            || text.contains("maximum context length") || text.contains("context length is only")
            || text.contains("longer than the maximum model length")
    }
}
