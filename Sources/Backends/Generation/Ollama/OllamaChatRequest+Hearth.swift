import Hearth
import Ollama

extension OllamaChatRequest {
    /// Throws ``GeneratorError`` `refused` for a schema that is none.
    init(_ request: GenerationRequest, settings: OllamaGeneratorSettings) throws {
        var messages = request.prompt.messages.map { OllamaMessage(role: $0.role.rawValue, content: $0.content) }
        // Ollama continues a last message of the assistant.
        if !request.prefix.isEmpty { messages.append(OllamaMessage(role: "assistant", content: request.prefix)) }
        let options = request.options
        self.init(
            model: request.model.name, messages: messages,
            options: OllamaOptions(
                contextLength: request.model.contextLength, maximumTokens: request.remainingTokens,
                temperature: options.temperature ?? settings.temperature, seed: options.seed, topP: options.topP,
                topK: options.topK, stop: options.stop.isEmpty ? nil : options.stop,
                presencePenalty: options.presencePenalty, frequencyPenalty: options.frequencyPenalty),
            format: try OllamaFormat(options.responseFormat), keepAliveSeconds: settings.keepAliveSeconds,
            thinks: settings.thinks)
    }
}

extension GenerationRequest {
    /// The most tokens that may still be written.
    ///
    /// Where the client set no limit, what is left of the context: without one, Ollama's older versions forget the
    /// beginning of the prompt and write on for ever.
    var remainingTokens: Int {
        let smallestAnswer = 256
        // Four bytes a token: rather a little too much text than a continued answer that is cut.
        let written = prefix.utf8.count / 4
        if let maximum = options.maximumTokens { return max(1, maximum - written) }
        return max(smallestAnswer, model.contextLength - prompt.estimatedTokens - written)
    }
}

extension OllamaFormat {
    init?(_ format: GenerationOptions.ResponseFormat) throws {
        switch format {
        case .text: return nil
        case .jsonObject: self = .json
        case .jsonSchema(let schema): self = .schema(try ResponseSchema(schema).json)
        }
    }
}
