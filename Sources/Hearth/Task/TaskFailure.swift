/// Why a question ended without an answer, in the words that the client gets.
public struct TaskFailure: Error, Hashable, Sendable, Codable, CustomStringConvertible {
    public enum Code: String, Sendable, Codable {
        /// The prompt does not fit into the model's context.
        case contextLengthExceeded = "context_length_exceeded"
        /// The generator knows no such model.
        case modelNotFound = "model_not_found"
        /// The generator did not answer, or broke off, more often than the retry policy allows.
        case generatorUnavailable = "generator_unavailable"
        /// The generator refused the request.
        case generatorRefused = "generator_refused"
        /// The index or the encoder did not work.
        case retrievalFailed = "retrieval_failed"
        /// The project has no index yet, or is gone.
        case projectNotReady = "project_not_ready"
        /// The deadline passed before a worker was free.
        case expired = "task_expired"
        /// The bus did not take the task.
        case notPublished = "not_published"
        case storageFailed = "storage_failed"
        case internalError = "internal_error"
    }

    public let code: Code
    public let message: String

    public init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    public var description: String { message }
}
