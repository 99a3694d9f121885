/// Reads a body of `/api/chat` and refuses all that Ollama's documentation does not know.
///
/// The real server ignores unknown fields silently, which hides mistakes such as options at the top level.
struct OllamaRequestCheck {
    private static let topLevel: Set<String> = [
        "model", "messages", "tools", "format", "think", "stream", "options", "keep_alive", "truncate", "shift",
    ]
    private static let wholeOptions: Set<String> = [
        "num_ctx", "num_batch", "num_gpu", "num_thread", "num_keep", "num_predict", "seed", "top_k", "repeat_last_n",
    ]
    private static let fractionalOptions: Set<String> = [
        "temperature", "top_p", "min_p", "typical_p", "repeat_penalty", "presence_penalty", "frequency_penalty",
    ]

    static func request(_ body: JSON, number: Int) throws -> ModelRequest {
        guard let fields = body.object else { throw BadRequest("the body is no object") }
        try refuseUnknown(fields, known: topLevel, where: "the request")
        guard let model = fields["model"]?.string, !model.isEmpty else { throw BadRequest("model is required") }
        guard let list = fields["messages"]?.array else { throw BadRequest("messages is no array") }
        let messages = try list.map(message)
        if let options = fields["options"] { try check(options: options) }
        if let format = fields["format"], format.string != "json", format.object == nil {
            throw BadRequest("format is neither \"json\" nor a schema")
        }
        for name in ["stream", "think", "truncate", "shift"] {
            if let value = fields[name], value.bool == nil { throw BadRequest("\(name) is no boolean") }
        }
        if let keep = fields["keep_alive"], keep.number == nil, !isDuration(keep.string) {
            throw BadRequest("keep_alive is no duration")
        }
        return ModelRequest(
            wire: .ollama, model: model, messages: messages,
            continuesLastMessage: messages.last?.role == "assistant", body: body, number: number)
    }

    static func refuseUnknown(_ fields: [String: JSON], known: Set<String>, where place: String) throws {
        let unknown = Set(fields.keys).subtracting(known).sorted()
        guard unknown.isEmpty else { throw BadRequest("\(place) has unknown fields: \(unknown)") }
    }

    private static func message(_ value: JSON) throws -> ModelRequest.Message {
        guard let fields = value.object, let role = fields["role"]?.string, let content = fields["content"]?.string
        else { throw BadRequest("a message has no role or content") }
        try refuseUnknown(
            fields, known: ["role", "content", "images", "tool_calls", "thinking", "tool_name"], where: "a message")
        guard ["system", "user", "assistant", "tool"].contains(role) else { throw BadRequest("unknown role \(role)") }
        return ModelRequest.Message(role: role, content: content)
    }

    private static func check(options: JSON) throws {
        guard let options = options.object else { throw BadRequest("options is no object") }
        try refuseUnknown(
            options, known: wholeOptions.union(fractionalOptions).union(["stop"]), where: "options")
        for (name, value) in options {
            if name == "stop" {
                guard let texts = value.array, texts.allSatisfy({ $0.string != nil }) else {
                    throw BadRequest("stop is no array of texts")
                }
            } else if let number = value.number {
                guard fractionalOptions.contains(name) || Int(exactly: number) != nil else {
                    throw BadRequest("\(name) is no whole number")
                }
            } else {
                throw BadRequest("\(name) is no number")
            }
        }
    }

    private static func isDuration(_ text: String?) -> Bool {
        guard let text, let unit = text.last else { return false }
        return "smh".contains(unit) && Double(text.dropLast()) != nil
    }
}
