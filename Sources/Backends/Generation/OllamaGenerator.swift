public import Hearth
public import Ollama
import Synchronization

/// Generates with Ollama's native API.
public final class OllamaGenerator: Generator {
    public static let provider = "ollama"

    private let client: OllamaClient
    private let settings: OllamaGeneratorSettings
    /// What was learnt of a model, by its name and digest: asked once, since it never changes.
    private let known = Mutex<[OllamaModel: OllamaModelDetails]>([:])

    public init(client: OllamaClient, settings: OllamaGeneratorSettings = OllamaGeneratorSettings()) {
        self.client = client
        self.settings = settings
    }

    public func models() async throws -> [GeneratorModel] {
        try await explaining {
            var offered: [GeneratorModel] = []
            for model in try await client.models() {
                let details = try await details(of: model)
                if writesText(model, details) { offered.append(generatorModel(model, details)) }
            }
            return offered
        }
    }

    public func defaultModel() async throws -> GeneratorModel {
        try await explaining {
            let installed = try await client.models()
            if let wanted = settings.model {
                guard let model = installed.first(where: { $0.isNamed(wanted) }) else {
                    throw OllamaError(.modelNotFound, "model '\(wanted)' not found")
                }
                return generatorModel(model, try await details(of: model))
            }
            for model in installed {
                let details = try await details(of: model)
                if writesText(model, details) { return generatorModel(model, details) }
            }
            throw GeneratorError(
                .modelNotFound, "Ollama at \(client.baseURL) has no chat model yet. Run: ollama pull llama3.1")
        }
    }

    public func generate(
        _ request: GenerationRequest
    ) async throws -> any AsyncSequence<GenerationEvent, any Error> & Sendable {
        let check = OllamaPromptCheck(request)
        try check.refuseHopeless()
        let model = request.model.name
        return try await explaining(model: model) {
            let replies = try await client.chat(try OllamaChatRequest(request, settings: settings))
            return OllamaEvents(replies: replies, check: check) { self.generatorError($0, model: model) }
        }
    }

    private func details(of model: OllamaModel) async throws -> OllamaModelDetails {
        if let details = known.withLock({ $0[model] }) { return details }
        let details = try await client.details(of: model.name)
        known.withLock { $0[model] = details }
        return details
    }

    private func writesText(_ model: OllamaModel, _ details: OllamaModelDetails) -> Bool {
        if let capabilities = details.capabilities { return capabilities.contains("completion") }
        // Servers before 0.6 do not tell; there only encoders of the BERT kind cannot write.
        return model.family?.contains("bert") != true
    }

    private func generatorModel(_ model: OllamaModel, _ details: OllamaModelDetails) -> GeneratorModel {
        let configured = settings.contextLengths[model.name] ?? settings.contextLength
        return GeneratorModel(
            name: model.name, provider: Self.provider,
            contextLength: min(configured, details.contextLength ?? configured),
            continuation: settings.continuesAnswers ? .prefill : .none, digest: model.digest)
    }

    private func explaining<Value>(
        model: String? = nil,
        _ body: () async throws -> Value
    ) async throws -> Value {
        do {
            return try await body()
        } catch let error as OllamaError {
            throw generatorError(error, model: model ?? settings.model ?? "")
        }
    }

    private func generatorError(_ error: OllamaError, model: String) -> GeneratorError {
        let server = "Ollama at \(client.baseURL)"
        switch error.code {
        case .unreachable:
            return GeneratorError(
                .unavailable, "\(server) does not answer. Start it with 'ollama serve', or set another generator.",
                underlying: error)
        case .interrupted, .serverFailed:
            return GeneratorError(.unavailable, "\(server) broke off. Its log says why.", underlying: error)
        case .busy:
            return GeneratorError(
                .overloaded, "\(server) has too many requests waiting. Try again later.", underlying: error)
        case .modelNotFound:
            return GeneratorError(
                .modelNotFound, "\(server) has no model '\(model)'. Run: ollama pull \(model)", underlying: error)
        case .contextLengthExceeded:
            return GeneratorError(.contextLengthExceeded, OllamaPromptCheck.advice(model: model), underlying: error)
        case .refused:
            return GeneratorError(.refused, error.message, underlying: error)
        case .malformedReply:
            return GeneratorError(.malformedReply, error.message, underlying: error)
        }
    }
}
