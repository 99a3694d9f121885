/// A question as it is sent.
public struct VerifyQuestion: Hashable, Sendable {
    /// `hearth/<project>`, or a model of the generator under its own name.
    public var model: String
    public var text: String
    /// Narrows the search to paths that begin so.
    public var pathPrefix: String?
    public var session: String?
    public var idempotencyKey: String?
    public var options: PinnedOptions

    public init(
        model: String,
        text: String,
        pathPrefix: String? = nil,
        session: String? = nil,
        idempotencyKey: String? = nil,
        options: PinnedOptions
    ) {
        self.model = model
        self.text = text
        self.pathPrefix = pathPrefix
        self.session = session
        self.idempotencyKey = idempotencyKey
        self.options = options
    }
}
