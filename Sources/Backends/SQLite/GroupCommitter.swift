import GRDB
import Synchronization

/// Gathers writes that arrive together into one transaction, so that they share one wait for the disk.
///
/// While a transaction runs, the next ones queue; when it ends, all of them go into one. Each has a savepoint of its own:
/// one that fails takes only itself back. Nobody is told that a write succeeded before the transaction has.
/// The queue is as long as there are callers, who all wait.
final class GroupCommitter: Sendable {
    private struct Entry: Sendable {
        /// Writes inside the transaction and says how to tell the caller once that is committed.
        let write: @Sendable (Database) throws -> @Sendable () -> Void
        let fail: @Sendable (any Error) -> Void
    }

    private struct State {
        var waiting: [Entry] = []
        var isRunning = false
    }

    /// The most writes of one transaction: those behind it must not wait for ever.
    private static let batch = 256

    private let pool: DatabasePool
    private let state = Mutex(State())

    init(_ pool: DatabasePool) { self.pool = pool }

    /// Runs `body` inside a transaction and returns when that is committed. Cancellation does not end the wait:
    /// what was begun is known to be done or not.
    func write<Value: Sendable>(_ body: @escaping @Sendable (Database) throws -> Value) async throws -> Value {
        try await withCheckedThrowingContinuation { continuation in
            let entry = Entry(
                write: { database in
                    let value = try body(database)
                    return { continuation.resume(returning: value) }
                },
                fail: { continuation.resume(throwing: $0) })
            let starts = state.withLock { state in
                state.waiting.append(entry)
                defer { state.isRunning = true }
                return !state.isRunning
            }
            if starts { runNext() }
        }
    }

    private func runNext() {
        let batch = state.withLock { state in
            let batch = Array(state.waiting.prefix(Self.batch))
            state.waiting.removeFirst(batch.count)
            if batch.isEmpty { state.isRunning = false }
            return batch
        }
        guard !batch.isEmpty else { return }
        pool.asyncWriteWithoutTransaction { database in
            do {
                for tell in try Self.commit(batch, database) { tell() }
            } catch {
                for entry in batch { entry.fail(error) }
            }
            self.runNext()
        }
    }

    /// Runs the writes in one transaction and returns what their callers are to be told.
    private static func commit(_ batch: [Entry], _ database: Database) throws -> [@Sendable () -> Void] {
        var outcomes: [@Sendable () -> Void] = []
        try database.inTransaction(.immediate) {
            for entry in batch {
                do {
                    try database.inSavepoint {
                        outcomes.append(try entry.write(database))
                        return .commit
                    }
                } catch {
                    // A full disk may take back the whole transaction and not just the savepoint.
                    guard database.isInsideTransaction else { throw error }
                    outcomes.append { entry.fail(error) }
                }
            }
            return .commit
        }
        return outcomes
    }
}
