/// One message of a request.
public struct ChatRequestMessage: Hashable, Sendable, Codable {
    /// `system`, `developer`, `user`, `assistant`, `tool` or `function`.
    public var role: String
    /// `nil` for messages that hold only tool calls.
    public var content: Content?

    public init(role: String, content: Content?) {
        self.role = role
        self.content = content
    }

    /// A text, or its parts.
    public enum Content: Hashable, Sendable, Codable {
        case text(String)
        case parts([Part])

        public init(from decoder: any Decoder) throws {
            let container = try decoder.singleValueContainer()
            if let text = try? container.decode(String.self) {
                self = .text(text)
            } else {
                self = .parts(try container.decode([Part].self))
            }
        }

        public func encode(to encoder: any Encoder) throws {
            var container = encoder.singleValueContainer()
            switch self {
            case .text(let text): try container.encode(text)
            case .parts(let parts): try container.encode(parts)
            }
        }
    }

    /// A part of a message: text, or something that is none.
    public struct Part: Hashable, Sendable, Codable {
        /// `text`, `image_url`, `input_audio`, `file`, `refusal`.
        public var type: String
        public var text: String?

        public init(type: String = "text", text: String?) {
            self.type = type
            self.text = text
        }
    }
}
