import AsyncHTTPClient
import Backends
import Hearth
import Logging
import Ollama

/// Builds the generator that the configuration names.
struct GeneratorFactory: Sendable {
    let configuration: EffectiveConfiguration
    let logger: Logger

    /// - Throws: ``ConfigurationError`` if a URL that is needed is missing.
    func make() throws -> any Generator {
        let extractive = ExtractiveGenerator(contextLength: contextLength)
        switch configuration[.generatorKind] {
        case "extractive":
            return extractive
        case "ollama":
            return try ollama()
        case "openai":
            guard !configuration[.openAIURL].isEmpty else {
                throw ConfigurationError(
                    "generator.kind is openai, but openai.url is not set. Set it, for example to http://127.0.0.1:8000/v1."
                )
            }
            return openAI()
        default:
            return AutomaticGenerator(preferred: try ollama(), fallback: extractive, logger: logger)
        }
    }

    private var contextLength: Int { max(512, configuration.integer(.contextLength)) }

    private var model: String? {
        let name = configuration[.generatorModel]
        return name.isEmpty ? nil : name
    }

    private func ollama() throws -> OllamaGenerator {
        OllamaGenerator(
            client: OllamaClient(baseURL: configuration[.ollamaURL], http: HTTPClient.modelServers),
            settings: OllamaGeneratorSettings(model: model, contextLength: contextLength))
    }

    private func openAI() -> OpenAIGenerator {
        let key = configuration[.openAIKey]
        return OpenAIGenerator(
            http: HTTPClient.modelServers,
            settings: OpenAIGeneratorSettings(
                baseURL: configuration[.openAIURL], apiKey: key.isEmpty ? nil : key, model: model,
                contextLength: contextLength, continuesAnswers: configuration.flag(.openAIPrefill)))
    }
}
