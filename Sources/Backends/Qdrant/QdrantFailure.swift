import Hearth
import Qdrant

extension StoreError {
    /// The same failure in Hearth's words.
    init(qdrant error: QdrantError) {
        let code: Code =
            switch error.code {
            case .unreachable, .timedOut, .unavailable, .rateLimited, .failed, .incomplete: .unreachable
            case .full: .full
            case .notFound: .notFound
            case .alreadyExists: .conflict
            case .tooLarge: .tooLarge
            case .malformedReply: .corrupt
            case .unauthorized, .forbidden, .invalid, .unsupported: .invalid
            }
        self.init(code, error.message, underlying: error.underlying)
    }
}

/// Turns the driver's errors into Hearth's.
func translatingQdrant<Value>(_ body: () async throws -> Value) async throws -> Value {
    do { return try await body() } catch let error as QdrantError { throw StoreError(qdrant: error) }
}
