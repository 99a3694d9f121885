import GRDB
import Hearth

/// Turns SQLite's errors into Hearth's.
enum SQLiteFailure {
    static func translating<Value>(path: String, _ body: () throws -> Value) throws -> Value {
        do { return try body() } catch { throw translate(error, path: path) }
    }

    static func translating<Value>(path: String, _ body: () async throws -> Value) async throws -> Value {
        do { return try await body() } catch { throw translate(error, path: path) }
    }

    private static func translate(_ error: any Error, path: String) -> any Error {
        switch error {
        case let error as DatabaseError: translate(error, path: path)
        case is DecodingError: StoreError(.corrupt, "A row of \(path) cannot be read. \(remedy)", underlying: error)
        default: error
        }
    }

    private static let remedy = "Restore it from a backup, or move it away and ingest again."

    private static func translate(_ error: DatabaseError, path: String) -> StoreError {
        switch error.resultCode {
        case .SQLITE_FULL:
            StoreError(.full, "The disk of \(path) is full; nothing was written. Make room.", underlying: error)
        case .SQLITE_IOERR:
            StoreError(
                .full, "The disk of \(path) does not take data; nothing was written. Check it.", underlying: error)
        case .SQLITE_CORRUPT, .SQLITE_NOTADB:
            StoreError(.corrupt, "\(path) is damaged. \(remedy)", underlying: error)
        case .SQLITE_CONSTRAINT:
            StoreError(.conflict, "\(path) has another row of that name. Use a fresh id.", underlying: error)
        case .SQLITE_TOOBIG:
            StoreError(.tooLarge, "This is too large for \(path). Send less at once.", underlying: error)
        case .SQLITE_BUSY, .SQLITE_LOCKED:
            StoreError(.unreachable, "\(path) is in use by another process for too long. Try again.", underlying: error)
        case .SQLITE_CANTOPEN, .SQLITE_READONLY, .SQLITE_PERM:
            StoreError(.unreachable, "\(path) cannot be opened for writing. Check its rights.", underlying: error)
        case .SQLITE_MISUSE:
            StoreError(.closed, "\(path) was closed.", underlying: error)
        default:
            StoreError(.unreachable, "A statement on \(path) failed.", underlying: error)
        }
    }
}
