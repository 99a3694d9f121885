/// One piece of a streamed answer.
public struct ChatCompletionChunk: Hashable, Sendable, Codable {
    public struct Delta: Hashable, Sendable, Codable {
        public var role: String?
        public var content: String?
        public var annotations: [Annotation]?

        public init(role: String? = nil, content: String? = nil, annotations: [Annotation]? = nil) {
            self.role = role
            self.content = content
            self.annotations = annotations
        }
    }

    public struct Choice: Hashable, Sendable, Codable {
        public var index: Int
        public var delta: Delta
        public var finishReason: String?

        public init(index: Int = 0, delta: Delta, finishReason: String? = nil) {
            self.index = index
            self.delta = delta
            self.finishReason = finishReason
        }

        /// Writes `finish_reason` as `null` until the last one, as OpenAI does.
        public func encode(to encoder: any Encoder) throws {
            var container = encoder.container(keyedBy: CodingKeys.self)
            try container.encode(index, forKey: .index)
            try container.encode(delta, forKey: .delta)
            try container.encode(finishReason, forKey: .finishReason)
        }

        enum CodingKeys: String, CodingKey {
            case index, delta
            case finishReason = "finish_reason"
        }
    }

    public var id: String
    /// Always `chat.completion.chunk`.
    public var object: String
    /// Seconds since 1970; the same in all chunks of an answer.
    public var created: Int
    public var model: String
    public var systemFingerprint: String?
    /// Empty in the chunk that carries the usage.
    public var choices: [Choice]
    public var usage: ChatUsage?

    public init(
        id: String,
        created: Int,
        model: String,
        systemFingerprint: String? = nil,
        choices: [Choice],
        usage: ChatUsage? = nil
    ) {
        self.id = id
        object = "chat.completion.chunk"
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
