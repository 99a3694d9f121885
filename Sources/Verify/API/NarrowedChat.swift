import OpenAI

/// A chat request with Hearth's own field beside it.
struct NarrowedChat: Encodable {
    private struct Extras: Encodable {
        let pathPrefix: String?
        let contextLength: Int?

        enum CodingKeys: String, CodingKey {
            case pathPrefix = "path_prefix"
            case contextLength = "context_length"
        }
    }

    private let chat: ChatCompletionRequest
    private let extras: Extras

    /// What is `nil` is left to the server.
    init(chat: ChatCompletionRequest, pathPrefix: String?, contextLength: Int?) {
        self.chat = chat
        extras = Extras(pathPrefix: pathPrefix, contextLength: contextLength)
    }

    private enum CodingKeys: String, CodingKey { case extras = "hearth" }

    func encode(to encoder: any Encoder) throws {
        try chat.encode(to: encoder)
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(extras, forKey: .extras)
    }
}
