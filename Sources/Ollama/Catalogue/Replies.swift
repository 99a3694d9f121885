/// The reply of `/api/version`.
struct VersionReply: Decodable, Sendable {
    let version: String
}

/// The reply of `/api/tags`.
struct TagsReply: Decodable, Sendable {
    let models: [OllamaModel]
}

/// The body of every reply that is no success.
struct ErrorReply: Decodable, Sendable {
    let error: String
}
