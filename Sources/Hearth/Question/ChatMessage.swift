/// One message of a conversation, as it goes into a prompt.
public struct ChatMessage: Hashable, Sendable, Codable {
    public enum Role: String, Sendable, Codable {
        case system, user, assistant
    }

    public var role: Role
    public var content: String

    public init(role: Role, content: String) {
        self.role = role
        self.content = content
    }
}
