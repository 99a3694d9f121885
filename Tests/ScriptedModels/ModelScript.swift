/// What a scripted server does with one request for text.
public struct ModelScript: Sendable {
    public enum Step: Sendable {
        /// Sends a piece of the answer.
        case text(String)
        /// Sends a piece of the model's thoughts, where the protocol has such.
        case thinking(String)
        /// Sends these bytes as they are.
        case bytes([UInt8])
        /// Does something, for example waits for a test.
        case perform(@Sendable () async throws -> Void)
        /// Sends an error in the middle of the reply, after which nothing follows.
        case error(String)
        /// Closes the connection.
        case breakOff
        /// Waits until the client goes away.
        case hang
    }

    /// An error instead of a reply.
    public struct Refusal: Sendable {
        public let status: Int
        /// The body, as it is.
        public let body: String

        public init(status: Int, body: String) {
            self.status = status
            self.body = body
        }
    }

    public var refusal: Refusal?
    public var steps: [Step]
    /// Why the reply ends when all steps are done; `nil` ends it without saying so.
    public var finishReason: String?
    /// Tokens of the prompt that the reply tells; `nil` leaves them out.
    public var promptTokens: Int?
    /// Bytes of a packet; `nil` sends each step in one.
    public var packetBytes: Int?

    public init(
        _ steps: [Step],
        finishReason: String? = "stop",
        promptTokens: Int? = 10,
        packetBytes: Int? = nil
    ) {
        self.steps = steps
        self.finishReason = finishReason
        self.promptTokens = promptTokens
        self.packetBytes = packetBytes
    }

    /// A script of pieces of text alone.
    public init(texts: [String], promptTokens: Int? = 10) {
        self.init(texts.map(Step.text), promptTokens: promptTokens)
    }

    /// A refusal with a status and a body.
    public static func refusing(_ status: Int, _ body: String) -> ModelScript {
        var script = ModelScript([])
        script.refusal = Refusal(status: status, body: body)
        return script
    }
}
