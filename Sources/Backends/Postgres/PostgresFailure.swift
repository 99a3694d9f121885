import Hearth
import Postgres

/// Turns PostgreSQL's errors into Hearth's.
enum PostgresFailure {
    @discardableResult
    static func translating<Value>(_ body: () async throws -> Value) async throws -> Value {
        do { return try await body() } catch { throw translate(error) }
    }

    private static func translate(_ error: any Error) -> any Error {
        switch error {
        case let error as PostgresError: StoreError(code(of: error), error.message, underlying: nil)
        case is DecodingError:
            StoreError(
                .corrupt, "A row of the database cannot be read. Restore it from a backup.", underlying: error)
        default: error
        }
    }

    private static func code(of error: PostgresError) -> StoreError.Code {
        switch error.code {
        case .outOfSpace: .full
        case .closed: .closed
        case .uniqueViolation, .constraintViolation, .migrationRefused: .conflict
        case .invalidConfiguration, .invalidValue, .invalidStatement: .invalid
        case .unexpectedValue: .corrupt
        // Also what waiting alone does not mend: whoever mends it need not restart Hearth.
        default: .unreachable
        }
    }
}
