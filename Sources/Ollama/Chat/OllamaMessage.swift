/// One message of a chat.
public struct OllamaMessage: Sendable, Hashable, Codable {
    /// `system`, `user`, `assistant` or `tool`. A last message of the assistant is continued.
    public var role: String
    public var content: String

    public init(role: String, content: String) {
        self.role = role
        self.content = content
    }
}
