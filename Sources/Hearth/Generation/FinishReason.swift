/// Why a generator stopped writing.
public enum FinishReason: String, Sendable, Codable {
    /// It had said what it had to say, or met a stop text.
    case stop
    /// The token limit or the context was reached.
    case length
}
