/// The kinds of work that travel on the bus.
public enum TaskTopic: String, Sendable, Codable, CaseIterable {
    /// Payload: ``AnswerTask``.
    case answer
    /// Payload: ``IngestTask``.
    case ingest
}
