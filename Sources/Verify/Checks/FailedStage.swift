/// The part that lost a fact, or added one.
public enum FailedStage: String, Sendable, CaseIterable, Codable {
    /// The right passage was not found, or a wrong or stale one was.
    case retrieval
    /// The passage was found and did not reach the model whole: left out of the prompt, or cut by the server.
    case assembly
    /// The model had it and said something else.
    case generation
    /// The server did not answer as it should.
    case service
}
