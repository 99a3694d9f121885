/// What is read of a chunk of a streamed chat completion.
///
/// Not `OpenAI.ChatCompletionChunk`, which is what the gateway promises: servers leave out `id`, `created` or `index`.
struct CompletionChunk: Decodable {
    struct Choice: Decodable {
        struct Delta: Decodable { let content: String? }

        let delta: Delta?
        let finishReason: String?

        enum CodingKeys: String, CodingKey {
            case delta
            case finishReason = "finish_reason"
        }
    }

    struct Usage: Decodable {
        let promptTokens: Int?
        let completionTokens: Int?

        enum CodingKeys: String, CodingKey {
            case promptTokens = "prompt_tokens"
            case completionTokens = "completion_tokens"
        }
    }

    let choices: [Choice]?
    let usage: Usage?
}
