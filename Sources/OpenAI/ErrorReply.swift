/// The body of every reply that reports an error.
public struct ErrorReply: Hashable, Sendable, Codable {
    /// What went wrong. Always an object: clients lose code and type of an error that is a plain string.
    public struct Detail: Hashable, Sendable, Codable {
        public var message: String
        /// The kind of error, for example `invalid_request_error`.
        public var type: String
        /// The field of the request that is to blame, for example `messages[0].content`.
        public var param: String?
        /// For programs, for example `model_not_found`.
        public var code: String?

        public init(message: String, type: String, param: String? = nil, code: String? = nil) {
            self.message = message
            self.type = type
            self.param = param
            self.code = code
        }

        /// Writes `param` and `code` as `null` where there is none, as OpenAI does.
        public func encode(to encoder: any Encoder) throws {
            var container = encoder.container(keyedBy: CodingKeys.self)
            try container.encode(message, forKey: .message)
            try container.encode(type, forKey: .type)
            try container.encode(param, forKey: .param)
            try container.encode(code, forKey: .code)
        }
    }

    public var error: Detail

    public init(_ error: Detail) { self.error = error }
}
