import AsyncHTTPClient
import Backends
import Hearth
import MiniLM
import Ollama
import Synchronization

/// Opens the encoders that settings and projects name.
final class EncoderFactory: Sendable {
    private let configuration: EffectiveConfiguration
    private let assets: String
    /// Loaded once, though several ask for it at once.
    private let embedded = Mutex<MiniLMEncoder?>(nil)

    init(_ configuration: EffectiveConfiguration, assets: String) {
        self.configuration = configuration
        self.assets = assets
    }

    /// The encoder of projects that choose none.
    ///
    /// - Throws: ``ConfigurationError`` if a server's model is not named.
    func standard() throws -> EncoderChoice {
        let kind = configuration[.encoderKind]
        guard let provider = EncoderChoice.Provider(rawValue: kind), provider != .minilm else { return .embedded }
        let model = configuration[.encoderModel]
        guard !model.isEmpty else {
            throw ConfigurationError(
                "encoder.kind is \(kind), but encoder.model is not set. Set it, for example to nomic-embed-text.")
        }
        let url = configuration[.encoderURL]
        return EncoderChoice(provider: provider, model: model, url: url.isEmpty ? nil : url)
    }

    /// - Throws: ``EncoderError``.
    func open(_ choice: EncoderChoice) async throws -> any Hearth.Encoder {
        switch choice.provider {
        case .minilm: return try miniLM()
        case .ollama:
            let url = choice.url ?? configuration[.ollamaURL]
            return try await OllamaEncoder(
                model: choice.model, client: OllamaClient(baseURL: url, http: .modelServers))
        case .openai:
            let url = choice.url ?? configuration[.openAIURL]
            guard !url.isEmpty else {
                throw EncoderError(
                    .refused, "\(choice) has no address. Set openai.url, for example to http://127.0.0.1:8000/v1.")
            }
            // The key belongs to the servers of the settings; a project may name another.
            let isConfigured = url == configuration[.openAIURL] || url == configuration[.encoderURL]
            return try await OpenAIEncoder(
                model: choice.model,
                server: OpenAIEmbeddingServer(
                    baseURL: url, apiKey: isConfigured ? configuration[.openAIKey] : nil, http: .modelServers))
        }
    }

    private func miniLM() throws(EncoderError) -> MiniLMEncoder {
        do {
            return try embedded.withLock { embedded in
                if let embedded { return embedded }
                let precision = SentenceEncoder.Precision(rawValue: configuration[.precision])
                let encoder = MiniLMEncoder(
                    try SentenceEncoder(directory: assets + "/minilm", precision: precision),
                    streams: Composition.ingestSlots(configuration))
                embedded = encoder
                return encoder
            }
        } catch {
            throw EncoderError(
                .refused, "The embedded encoder cannot be loaded: \(error) Run `make setup`, or set assets.directory.")
        }
    }
}
