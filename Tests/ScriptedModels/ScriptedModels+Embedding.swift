import HTTPTypes
import Hummingbird
import NIOCore

extension ScriptedModels {
    /// The reply to a request for vectors.
    ///
    /// - Parameters:
    ///   - cutting: whether a text that is too long is cut instead of refused.
    ///   - refusal: what is sent for a text that is too long.
    ///   - body: the reply's JSON for vectors and a number of tokens.
    func vectors(
        of call: EmbeddingCall,
        by model: Model,
        cutting: Bool,
        refusal: () -> Response,
        body: ([JSON], Int) -> JSON
    ) async throws -> Response {
        statistics.embed(call.inputs.count)
        switch embedding(call) {
        case .vectors: break
        case .sends(let vectors):
            let numbers = vectors.map { JSON.array($0.map { .number(Double($0)) }) }
            return Response(json: body(numbers, 1))
        case .refuses(let status, let text):
            return Response(
                status: HTTPResponse.Status(code: status), headers: [.contentType: "application/json"],
                body: ResponseBody(byteBuffer: ByteBuffer(string: text)))
        case .after(let action): try await action()
        }
        let words = call.inputs.map { $0.split(whereSeparator: \.isWhitespace).count }
        if !cutting, words.contains(where: { $0 > model.longestText }) { return refusal() }
        let texts = call.inputs.map { text in
            text.split(whereSeparator: \.isWhitespace).prefix(model.longestText).joined(separator: " ")
        }
        let hashed = HashedWords(dimension: model.dimension, length: model.vectorLength)
        return Response(
            json: body(texts.map(hashed.vector), words.reduce(0) { $0 + min($1, model.longestText) }))
    }
}
