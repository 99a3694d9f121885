/// A whole answer.
public struct ChatCompletion: Hashable, Sendable, Codable {
    public struct Message: Hashable, Sendable, Codable {
        public var role: String
        public var content: String
        public var refusal: String?
        public var annotations: [Annotation]

        public init(role: String = "assistant", content: String, annotations: [Annotation] = []) {
            self.role = role
            self.content = content
            self.annotations = annotations
        }

        /// Writes `refusal` even where there is none, as OpenAI does.
        public func encode(to encoder: any Encoder) throws {
            var container = encoder.container(keyedBy: CodingKeys.self)
            try container.encode(role, forKey: .role)
            try container.encode(content, forKey: .content)
            try container.encode(refusal, forKey: .refusal)
            try container.encode(annotations, forKey: .annotations)
        }
    }

    public struct Choice: Hashable, Sendable, Codable {
        public var index: Int
        public var message: Message
        public var finishReason: String

        public init(index: Int = 0, message: Message, finishReason: String) {
            self.index = index
            self.message = message
            self.finishReason = finishReason
        }

        enum CodingKeys: String, CodingKey {
            case index, message
            case finishReason = "finish_reason"
        }
    }

    public var id: String
    /// Always `chat.completion`.
    public var object: String
    /// Seconds since 1970.
    public var created: Int
    public var model: String
    public var systemFingerprint: String?
    public var choices: [Choice]
    public var usage: ChatUsage?

    public init(
        id: String,
        created: Int,
        model: String,
        systemFingerprint: String? = nil,
        choices: [Choice],
        usage: ChatUsage?
    ) {
        self.id = id
        object = "chat.completion"
        self.created = created
        self.model = model
        self.systemFingerprint = systemFingerprint
        self.choices = choices
        self.usage = usage
    }

    enum CodingKeys: String, CodingKey {
        case id, object, created, model, choices, usage
        case systemFingerprint = "system_fingerprint"
    }
}
