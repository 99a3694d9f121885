/// What a generator says while it writes.
public enum GenerationEvent: Hashable, Sendable {
    /// The next piece of text; never empty, always whole Unicode scalars.
    case text(String)
    case finished(FinishReason, TokenUsage)
}
