public import AsyncHTTPClient
import FoundationEssentials
import Hearth
import NIOCore
import NIOHTTP1
import OpenAI

/// A server with OpenAI's `/v1/embeddings`: vLLM, text-embeddings-inference, llama.cpp, OpenAI itself.
public struct OpenAIEmbeddingServer: Sendable {
    /// The address up to and with the version, for example `http://127.0.0.1:8000/v1`.
    public let baseURL: String
    private let apiKey: String?
    private let http: HTTPClient
    private static let listingLimit = Duration.seconds(10)

    /// - Parameter http: a client configured as ``AsyncHTTPClient/HTTPClient/Configuration/modelServers(silence:)``.
    public init(baseURL: String, apiKey: String? = nil, http: HTTPClient) {
        self.baseURL = baseURL.hasSuffix("/") ? String(baseURL.dropLast()) : baseURL
        self.apiKey = apiKey.flatMap { $0.isEmpty ? nil : $0 }
        self.http = http
    }

    /// What the server tells of a model; `nil` where it has no list.
    ///
    /// - Throws: ``EncoderError`` `refused` if the list has no such model.
    func listing(of model: String) async throws -> ServedModelList.Model? {
        let request = HTTPClientRequest(url: baseURL + "/models")
        let (status, body) = try await send(request, within: Self.listingLimit)
        // text-embeddings-inference serves one model and has no list.
        if status == 404 || status == 405 { return nil }
        try refuseFailure(status, body, model: model)
        guard let list = try? JSONDecoder().decode(ServedModelList.self, from: body) else {
            throw EncoderError(
                .refused, "\(baseURL)/models is no list of models. Its address usually ends with /v1.")
        }
        if let listed = list.data.first(where: { $0.id == model }) { return listed }
        let names = list.data.prefix(8).map(\.id).joined(separator: ", ")
        throw EncoderError(.refused, "\(baseURL) has no model '\(model)'. It offers: \(names). Choose one of these.")
    }

    /// One vector for each text, unchecked.
    func embed(_ texts: [String], model: String, within limit: Duration) async throws -> EmbeddingReply {
        var request = HTTPClientRequest(url: baseURL + "/embeddings")
        request.method = .POST
        request.headers.add(name: "content-type", value: "application/json")
        let message = EmbeddingRequest(model: model, input: texts, encodingFormat: "float")
        request.body = .bytes(ByteBuffer(bytes: try JSONEncoder().encode(message)))
        let (status, body) = try await send(request, within: limit)
        try refuseFailure(status, body, model: model)
        guard let reply = try? JSONDecoder().decode(EmbeddingReply.self, from: body) else {
            throw EncoderError(.refused, "\(baseURL)/embeddings sent no list of embeddings. Is the address right?")
        }
        return reply
    }

    private func send(_ request: HTTPClientRequest, within limit: Duration) async throws -> (Int, Data) {
        var request = request
        if let apiKey { request.headers.add(name: "authorization", value: "Bearer \(apiKey)") }
        do {
            let response = try await http.executeAgainIfStale(request, deadline: .now() + TimeAmount(limit))
            let body = try await response.body.collect(upTo: 256 << 20)
            return (Int(response.status.code), Data(body.readableBytesView))
        } catch {
            try Task.checkCancellation()
            throw EncoderError(
                .unavailable, "\(baseURL) does not answer. Start the server, or choose another encoder.",
                underlying: error)
        }
    }

    private func refuseFailure(_ status: Int, _ body: Data, model: String) throws(EncoderError) {
        guard !(200..<300).contains(status) else { return }
        throw CompletionFailure(body).encoderError(status: status, model: model, server: baseURL)
    }
}
