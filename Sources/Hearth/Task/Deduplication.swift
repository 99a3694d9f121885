/// How two requests are recognised as one.
public struct Deduplication: Hashable, Sendable, Codable {
    /// The owner's idempotency key, or a hash of owner and body for the retries that the OpenAI SDKs send by themselves.
    public let key: String
    /// The same key with another body is a mistake of the client, not a retry.
    public let bodyHash: String

    public init(key: String, bodyHash: String) {
        self.key = key
        self.bodyHash = bodyHash
    }
}
