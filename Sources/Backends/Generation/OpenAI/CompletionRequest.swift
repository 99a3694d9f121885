import FoundationEssentials
import Hearth

/// The body of a streamed request for `/chat/completions`.
struct CompletionRequest: Encodable {
    struct Message: Encodable {
        let role: String
        let content: String
    }

    private struct StreamOptions: Encodable {
        let includeUsage = true
        enum CodingKeys: String, CodingKey { case includeUsage = "include_usage" }
    }

    private let model: String
    private let messages: [Message]
    private let stream = true
    private let streamOptions = StreamOptions()
    private let maximumTokens: Int?
    private let temperature: Double
    private let topP: Double?
    private let topK: Int?
    private let seed: Int?
    private let stop: [String]?
    private let presencePenalty: Double?
    private let frequencyPenalty: Double?
    private let continuesFinalMessage: Bool?
    private let addsGenerationPrompt: Bool?
    private let format: GenerationOptions.ResponseFormat

    init(_ request: GenerationRequest, temperature: Double) {
        let options = request.options
        let continues = !request.prefix.isEmpty
        model = request.model.name
        messages =
            request.prompt.messages.map { Message(role: $0.role.rawValue, content: $0.content) }
            + (continues ? [Message(role: "assistant", content: request.prefix)] : [])
        maximumTokens = options.maximumTokens.map { _ in request.remainingTokens }
        self.temperature = options.temperature ?? temperature
        topP = options.topP
        topK = options.topK
        seed = options.seed
        stop = options.stop.isEmpty ? nil : options.stop
        presencePenalty = options.presencePenalty
        frequencyPenalty = options.frequencyPenalty
        continuesFinalMessage = continues ? true : nil
        addsGenerationPrompt = continues ? false : nil
        format = options.responseFormat
    }

    /// The request's JSON. Throws ``GeneratorError`` `refused` if it cannot be written.
    func encoded() throws -> Data {
        var body: Data
        do {
            body = try JSONEncoder().encode(self)
            guard let format = try formatField() else { return body }
            // Spliced in as text, so that the keys of a schema keep their order.
            body.removeLast()
            body.append(contentsOf: #","response_format":\#(format)}"#.utf8)
            return body
        } catch let error as GeneratorError {
            throw error
        } catch {
            throw GeneratorError(
                .refused, "The request cannot be written as JSON; check response_format.", underlying: error)
        }
    }

    private func formatField() throws -> String? {
        switch format {
        case .text: return nil
        case .jsonObject: return #"{"type":"json_object"}"#
        case .jsonSchema(let schema):
            let schema = try ResponseSchema(schema).json
            return #"{"type":"json_schema","json_schema":{"name":"answer","schema":\#(schema)}}"#
        }
    }

    private enum CodingKeys: String, CodingKey {
        case model, messages, stream, temperature, seed, stop
        case streamOptions = "stream_options"
        case maximumTokens = "max_tokens"
        case topP = "top_p"
        case topK = "top_k"
        case presencePenalty = "presence_penalty"
        case frequencyPenalty = "frequency_penalty"
        case continuesFinalMessage = "continue_final_message"
        case addsGenerationPrompt = "add_generation_prompt"
    }
}
