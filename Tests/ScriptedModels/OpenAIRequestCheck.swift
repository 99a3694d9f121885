/// Reads a body of `/v1/chat/completions` and refuses all that vLLM's documentation does not know.
struct OpenAIRequestCheck {
    private static let topLevel: Set<String> = [
        "model", "messages", "stream", "stream_options", "max_tokens", "max_completion_tokens", "temperature", "top_p",
        "top_k", "min_p", "seed", "stop", "presence_penalty", "frequency_penalty", "response_format", "n", "user",
        "metadata", "add_generation_prompt", "continue_final_message",
    ]

    static func request(_ body: JSON, number: Int) throws -> ModelRequest {
        guard let fields = body.object else { throw BadRequest("the body is no object") }
        try OllamaRequestCheck.refuseUnknown(fields, known: topLevel, where: "the request")
        guard let model = fields["model"]?.string else { throw BadRequest("model is required") }
        guard let list = fields["messages"]?.array, !list.isEmpty else { throw BadRequest("messages is empty") }
        let messages = try list.map { value in
            guard let role = value["role"]?.string, ["system", "user", "assistant"].contains(role),
                let content = value["content"]?.string
            else { throw BadRequest("a message has no known role or no text") }
            return ModelRequest.Message(role: role, content: content)
        }
        let streams = fields["stream"]?.bool ?? false
        if fields["stream_options"] != nil, !streams { throw BadRequest("stream_options without stream") }
        let continues = fields["continue_final_message"]?.bool ?? false
        if continues, fields["add_generation_prompt"]?.bool != false {
            throw BadRequest("continue_final_message needs add_generation_prompt to be false")
        }
        return ModelRequest(
            wire: .openAI, model: model, messages: messages, continuesLastMessage: continues, body: body,
            number: number)
    }
}
