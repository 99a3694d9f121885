import FoundationEssentials
import HTTPTypes
import Hearth
import Hummingbird
import OpenAI

/// `POST /v1/embeddings`.
struct EmbeddingRoute: Sendable {
    let parts: GatewayParts

    func add(to table: inout RouteTable) { table.on(.post, "/v1/embeddings", use: embed) }

    private func embed(_ request: Request, _ context: GatewayContext) async throws -> Response {
        let body = try await request.read(EmbeddingRequest.self, limit: parts.settings.maximumBodyBytes)
        let encoder = try await parts.ports.encoders.standardEncoder()
        let identity = encoder.identity
        // Any name of OpenAI's is taken: clients that cannot be told another one still work.
        guard body.model == identity.name || body.model.hasPrefix("text-embedding-") else {
            throw APIError(
                .notFound, "The model '\(body.model)' makes no embeddings. Use '\(identity.name)'.", param: "model",
                code: "model_not_found")
        }
        let texts = try texts(of: body)
        guard body.dimensions.map({ $0 == identity.dimension }) ?? true else {
            throw APIError.invalid(
                "'\(identity.name)' has \(identity.dimension) dimensions; they cannot be reduced.", param: "dimensions")
        }
        let isPacked = try isPacked(body.encodingFormat)
        let tokens = try count(texts, by: encoder)
        let vectors = try await encoder.encode(texts)
        let data = vectors.enumerated().map { index, vector in
            EmbeddingList.Embedding(index: index, embedding: isPacked ? .packed(vector) : .floats(vector))
        }
        return .json(EmbeddingList(model: identity.name, data: data, usage: .init(promptTokens: tokens)))
    }

    private func texts(of body: EmbeddingRequest) throws -> [String] {
        switch body.input {
        case .texts(let texts):
            guard texts.count <= parts.settings.maximumEmbeddingInputs else {
                throw APIError.invalid(
                    "'input' has \(texts.count) texts; at most \(parts.settings.maximumEmbeddingInputs) are taken at once.",
                    param: "input")
            }
            if let place = texts.firstIndex(where: { $0.trimmingWhitespace().isEmpty }) {
                throw APIError.invalid(
                    "'input' must not have empty texts.", param: texts.count == 1 ? "input" : "input[\(place)]")
            }
            return texts
        case .tokens:
            throw APIError.invalid(
                "'input' has token ids, which mean nothing to this encoder. Send texts (LangChain: check_embedding_ctx_length=False).",
                param: "input")
        case .empty: throw APIError.invalid("'input' must not be empty.", param: "input")
        case .other(let index):
            throw APIError.invalid(
                "'input' must be a text or a list of texts.", param: index.map { "input[\($0)]" } ?? "input")
        }
    }

    private func isPacked(_ format: String?) throws -> Bool {
        switch format {
        case nil, "float": false
        case "base64": true
        case let other?:
            throw APIError.invalid("'\(other)' is no encoding format. Use float or base64.", param: "encoding_format")
        }
    }

    /// Tokens of all texts. Throws 400 for a text that is too long: cutting it silently would lose its end.
    private func count(_ texts: [String], by encoder: any Hearth.Encoder) throws -> Int {
        let limit = encoder.identity.maximumTokens
        return try texts.enumerated().reduce(0) { sum, entry in
            let tokens = encoder.tokenCount(of: entry.element[...])
            guard tokens <= limit else {
                throw APIError.invalid(
                    "The text has \(tokens) tokens; the encoder takes \(limit). Cut it into smaller pieces.",
                    param: texts.count == 1 ? "input" : "input[\(entry.offset)]", code: "context_length_exceeded")
            }
            return sum + tokens
        }
    }
}
