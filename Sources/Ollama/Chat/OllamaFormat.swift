/// The shape that a reply is forced into.
public enum OllamaFormat: Sendable, Hashable {
    /// Any JSON value.
    case json
    /// JSON by this JSON schema, itself a JSON object. Its text is sent as it is: the order of keys matters to models.
    case schema(String)
}
