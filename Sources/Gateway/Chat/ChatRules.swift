import FoundationEssentials
import Hearth
import OpenAI

/// Says which chat requests are allowed, and reads those that are.
enum ChatRules {
    /// The most stop texts of one request.
    static let stopLimit = 4
    /// Instructions, a question and a short answer need so many tokens.
    static let shortestContext = 512

    /// The conversation of a request.
    ///
    /// - Throws: ``APIError`` 400 that names the field.
    static func messages(of request: ChatCompletionRequest) throws -> [ChatMessage] {
        guard let sent = request.messages, !sent.isEmpty else {
            throw APIError.invalid(
                "'messages' must be a list of at least one message. Bodies with 'input' belong to another API.",
                param: "messages")
        }
        let messages = try sent.enumerated().map { try message($1, field: "messages[\($0)]") }
        guard let question = messages.last(where: { $0.role == .user }) else {
            throw APIError.invalid("'messages' has no message of role 'user': there is no question.", param: "messages")
        }
        guard !question.content.trimmingWhitespace().isEmpty else {
            throw APIError.invalid("The last message of role 'user' is empty: there is no question.", param: "messages")
        }
        return messages
    }

    /// How the answer is to be written.
    ///
    /// - Throws: ``APIError`` 400 that names the field.
    /// - Parameter body: the request as it was sent: a schema goes on word for word.
    static func options(of chat: ChatBody, body: Data) throws -> GenerationOptions {
        let request = chat.request
        try refuseWhatIsMissing(request)
        let stop = request.stop?.texts ?? []
        guard stop.count <= stopLimit, stop.allSatisfy({ !$0.isEmpty }) else {
            throw APIError.invalid("'stop' takes up to \(stopLimit) texts that are not empty.", param: "stop")
        }
        let maximum = request.maxCompletionTokens ?? request.maxTokens
        return GenerationOptions(
            temperature: try number(request.temperature, in: 0...2, "temperature"),
            topP: try number(request.topP, in: 0...1, "top_p"),
            topK: try number(request.topK, in: 0...100_000, "top_k"),
            seed: request.seed,
            maximumTokens: try number(
                maximum, in: 1...10_000_000, request.maxCompletionTokens == nil ? "max_tokens" : "max_completion_tokens"
            ),
            contextLength: try number(
                chat.extras?.contextLength, in: shortestContext...10_000_000, "hearth.context_length"),
            stop: stop,
            presencePenalty: try number(request.presencePenalty, in: -2...2, "presence_penalty"),
            frequencyPenalty: try number(request.frequencyPenalty, in: -2...2, "frequency_penalty"),
            responseFormat: try format(request.responseFormat, body: body))
    }

    private static func message(_ message: ChatRequestMessage, field: String) throws -> ChatMessage {
        let role: ChatMessage.Role
        switch message.role {
        case "system", "developer": role = .system
        case "user": role = .user
        case "assistant": role = .assistant
        case "tool", "function":
            throw APIError.invalid(
                "Messages of role '\(message.role)' are not supported yet: Hearth calls no tools.",
                param: "\(field).role")
        default:
            throw APIError.invalid(
                "'\(message.role)' is no role. Use system, developer, user or assistant.", param: "\(field).role")
        }
        switch message.content {
        case .text(let text): return ChatMessage(role: role, content: text)
        case .parts(let parts):
            let texts = try parts.enumerated().map { try text(of: $1, field: "\(field).content[\($0)]") }
            return ChatMessage(role: role, content: texts.joined(separator: "\n"))
        case nil where role == .assistant: return ChatMessage(role: role, content: "")
        case nil: throw APIError.invalid("'\(field).content' is missing.", param: "\(field).content")
        }
    }

    private static func text(of part: ChatRequestMessage.Part, field: String) throws -> String {
        guard part.type == "text" else {
            throw APIError.invalid(
                "Parts of type '\(part.type)' are not supported: Hearth reads text only.", param: "\(field).type")
        }
        guard let text = part.text else {
            throw APIError.invalid("'\(field).text' is missing.", param: "\(field).text")
        }
        return text
    }

    private static func refuseWhatIsMissing(_ request: ChatCompletionRequest) throws {
        guard (request.n ?? 1) == 1 else {
            throw APIError.invalid("Only 'n' = 1 is supported. Ask again for another answer.", param: "n")
        }
        guard request.logprobs != true, (request.topLogprobs ?? 0) == 0 else {
            throw APIError.invalid(
                "'logprobs' is not supported.", param: request.logprobs == true ? "logprobs" : "top_logprobs")
        }
        if let tools = request.tools, !tools.isEmpty, request.toolChoice?.text != "none" {
            throw APIError.invalid(
                "'tools' are not supported yet. Leave them out, or set 'tool_choice' to 'none'.", param: "tools")
        }
        if let functions = request.functions, !functions.isEmpty {
            throw APIError.invalid("'functions' are not supported. Leave them out.", param: "functions")
        }
    }

    private static func number<Value: Comparable>(
        _ value: Value?,
        in bounds: ClosedRange<Value>,
        _ field: String
    ) throws -> Value? {
        guard let value else { return nil }
        guard bounds.contains(value) else {
            throw APIError.invalid(
                "'\(field)' must be from \(bounds.lowerBound) to \(bounds.upperBound).", param: field)
        }
        return value
    }

    private static func format(
        _ format: ChatCompletionRequest.ResponseFormat?,
        body: Data
    ) throws -> GenerationOptions.ResponseFormat {
        switch format?.type {
        case nil, "text": return .text
        case "json_object": return .jsonObject
        case "json_schema":
            guard case .object? = format?.jsonSchema?["schema"],
                let schema = JSONSource.text(at: ["response_format", "json_schema", "schema"], in: body)
            else {
                throw APIError.invalid(
                    "'response_format.json_schema.schema' must be an object.",
                    param: "response_format.json_schema.schema")
            }
            return .jsonSchema(schema)
        case let other?:
            throw APIError.invalid(
                "'\(other)' is no response format. Use text, json_object or json_schema.", param: "response_format.type"
            )
        }
    }
}
