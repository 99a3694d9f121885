/// A model that a generator offers.
public struct GeneratorModel: Hashable, Sendable, Codable {
    /// How an attempt can take up the text of one that died.
    public enum Continuation: String, Sendable, Codable {
        /// The model goes on after a given beginning of its own message.
        case prefill
        /// The same request gives the same text, so that what is known can be skipped.
        case replay
        /// Neither: the text starts anew.
        case none
    }

    public let name: String
    /// Which kind of generator it is: `ollama`, `openai`, `extractive`.
    public let provider: String
    /// The most tokens of prompt and answer together.
    public let contextLength: Int
    public let continuation: Continuation
    /// The digest or version, where the provider tells it.
    public let digest: String?

    public init(
        name: String,
        provider: String,
        contextLength: Int,
        continuation: Continuation,
        digest: String? = nil
    ) {
        self.name = name
        self.provider = provider
        self.contextLength = contextLength
        self.continuation = continuation
        self.digest = digest
    }

    /// The same model with no longer context than this; `nil` leaves it its own.
    public func limited(to contextLength: Int?) -> GeneratorModel {
        GeneratorModel(
            name: name, provider: provider, contextLength: min(self.contextLength, contextLength ?? .max),
            continuation: continuation, digest: digest)
    }

    /// How answers and logs name it.
    public var label: String { provider == name ? name : "\(provider)/\(name)" }
}
