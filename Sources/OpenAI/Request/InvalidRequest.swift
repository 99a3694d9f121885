/// A body that cannot be read as the request it should be.
public struct InvalidRequest: Error, Hashable, Sendable, CustomStringConvertible {
    /// One sentence: what is wrong and what would be right.
    public let message: String
    /// The field that is to blame, for example `messages[0].content`; `nil` for the body as a whole.
    public let param: String?

    public init(_ message: String, param: String? = nil) {
        self.message = message
        self.param = param
    }

    /// The same body gives the same error.
    public var isRetriable: Bool { false }
    public var description: String { message }
}
