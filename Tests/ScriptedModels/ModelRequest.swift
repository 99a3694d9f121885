/// A request for text, as a scripted server understood it.
public struct ModelRequest: Sendable {
    public enum Wire: Sendable { case ollama, openAI }

    public struct Message: Sendable, Hashable {
        public let role: String
        public let content: String
    }

    public let wire: Wire
    public let model: String
    public let messages: [Message]
    /// Whether the last message, one of the assistant, is to be continued.
    public let continuesLastMessage: Bool
    /// The whole body.
    public let body: JSON
    /// The number of the request on its server, from 1.
    public let number: Int

    /// The beginning of the answer that is to be continued; empty if there is none.
    public var prefix: String { continuesLastMessage ? messages.last?.content ?? "" : "" }
    /// The text of the last message of role `user`.
    public var question: String { messages.last { $0.role == "user" }?.content ?? "" }
}
