public import AsyncHTTPClient
import FoundationEssentials
public import Hearth
import NIOCore
import NIOHTTP1
import Synchronization

/// Generates with vLLM or any other server that speaks OpenAI's chat completions.
public final class OpenAIGenerator: Generator {
    public static let provider = "openai"

    private let http: HTTPClient
    private let settings: OpenAIGeneratorSettings
    private let listing = Mutex<(models: [GeneratorModel], until: ContinuousClock.Instant)?>(nil)
    /// How long a list of models is believed, so that a question costs one round trip and not two.
    private static let listingLifetime = Duration.seconds(15)
    private static let listingTimeout = TimeAmount.seconds(10)

    /// - Parameter http: a client configured as ``AsyncHTTPClient/HTTPClient/Configuration/modelServers(silence:)``.
    public init(http: HTTPClient, settings: OpenAIGeneratorSettings) {
        self.http = http
        self.settings = settings
    }

    public func models() async throws -> [GeneratorModel] {
        if let listing = listing.withLock({ $0 }), listing.until > .now { return listing.models }
        var request = HTTPClientRequest(url: settings.baseURL + "/models")
        authorise(&request)
        let body = try await collected(request)
        guard let list = try? JSONDecoder().decode(ServedModelList.self, from: body) else {
            throw GeneratorError(
                .malformedReply, "\(settings.baseURL)/models is no list of models. Its address usually ends with /v1.")
        }
        let models = list.data.map { model(named: $0.id, contextLength: $0.contextLength) }
        listing.withLock { $0 = (models, .now + Self.listingLifetime) }
        return models
    }

    public func defaultModel() async throws -> GeneratorModel {
        let offered = try await models()
        guard let wanted = settings.model else {
            if let first = offered.first { return first }
            throw GeneratorError(.modelNotFound, "\(settings.baseURL) offers no model. Load one on the server.")
        }
        if let model = offered.first(where: { $0.name == wanted }) { return model }
        let names = offered.prefix(8).map(\.name).joined(separator: ", ")
        throw GeneratorError(
            .modelNotFound, "\(settings.baseURL) has no model '\(wanted)'. It offers: \(names). Set generator.model.")
    }

    public func generate(
        _ request: GenerationRequest
    ) async throws -> any AsyncSequence<GenerationEvent, any Error> & Sendable {
        guard request.prefix.isEmpty || settings.continuesAnswers else {
            throw GeneratorError(.refused, "\(settings.baseURL) is not configured to continue answers.")
        }
        var message = HTTPClientRequest(url: settings.baseURL + "/chat/completions")
        message.method = .POST
        message.headers.add(name: "content-type", value: "application/json")
        message.headers.add(name: "accept", value: "text/event-stream")
        authorise(&message)
        let body = try CompletionRequest(request, temperature: settings.temperature).encoded()
        message.body = .bytes(ByteBuffer(bytes: body))
        let response = try await execute(message, deadline: .distantFuture, model: request.model.name)
        return OpenAIEvents(body: response.body, model: request.model.name, server: settings.baseURL)
    }

    private func model(named name: String, contextLength: Int?) -> GeneratorModel {
        GeneratorModel(
            name: name, provider: Self.provider, contextLength: contextLength ?? settings.contextLength,
            continuation: settings.continuesAnswers ? .prefill : .none)
    }

    private func authorise(_ request: inout HTTPClientRequest) {
        guard let key = settings.apiKey else { return }
        request.headers.add(name: "authorization", value: "Bearer \(key)")
    }

    private func collected(_ request: HTTPClientRequest) async throws -> Data {
        let response = try await execute(request, deadline: .now() + Self.listingTimeout, model: settings.model ?? "")
        do {
            let body = try await response.body.collect(upTo: 16 << 20)
            return Data(body.readableBytesView)
        } catch {
            try Task.checkCancellation()
            throw GeneratorError(.unavailable, "The connection to \(settings.baseURL) broke.", underlying: error)
        }
    }

    /// Throws ``GeneratorError`` for every status but success.
    private func execute(
        _ request: HTTPClientRequest,
        deadline: NIODeadline,
        model: String
    ) async throws -> HTTPClientResponse {
        let response: HTTPClientResponse
        do {
            response = try await http.executeAgainIfStale(request, deadline: deadline)
        } catch {
            try Task.checkCancellation()
            throw GeneratorError(
                .unavailable, "\(settings.baseURL) does not answer. Start the server, or set another generator.",
                underlying: error)
        }
        guard (200..<300).contains(response.status.code) else {
            let body = try? await response.body.collect(upTo: 64 << 10)
            let failure = CompletionFailure(body.map { Array($0.readableBytesView) } ?? [])
            throw failure.generatorError(
                status: Int(response.status.code), model: model, server: settings.baseURL)
        }
        return response
    }
}
