/// Where a question is in its life.
public enum TaskStatus: String, Sendable, Codable, CaseIterable {
    /// Recorded; on the bus or about to be.
    case queued
    /// A worker has begun an attempt.
    case running
    case completed
    case failed
    case cancelled
    /// Never reached the bus: the client was told so.
    case rejected

    public var isTerminal: Bool {
        switch self {
        case .queued, .running: false
        case .completed, .failed, .cancelled, .rejected: true
        }
    }
}
