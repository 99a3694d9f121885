import GRDB
import Synchronization

/// Gathers writes that arrive together into one transaction, so that they share one wait for the disk.
///
/// While a transaction runs, the next ones queue; when it ends, all of them go into one. Each has a savepoint of its own:
/// one that fails takes only itself back. Nobody is told that a write succeeded before the transaction has.
/// The queue is as long as there are callers, who all wait.
final class GroupCommitter: Sendable {
    private struct Entry: Sendable {
        let isDurable: Bool
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
    private let fsync: Bool
    private let state = Mutex(State())

    /// - Parameter fsync: whether the commit of a durable write waits for the disk.
    init(_ pool: DatabasePool, fsync: Bool) {
        self.pool = pool
        self.fsync = fsync
    }

    /// Runs `body` inside a transaction and returns when that is committed. Cancellation does not end the wait:
    /// what was begun is known to be done or not.
    ///
    /// - Parameter isDurable: `false` for what may be forgotten in a power cut because it can be done again; it still
    ///   survives the end of the process, and everything that is durable and comes later makes it so too.
    func write<Value: Sendable>(isDurable: Bool, _ body: @escaping @Sendable (Database) throws -> Value) async throws
        -> Value
    {
        try await withCheckedThrowingContinuation { continuation in
            let entry = Entry(
                isDurable: isDurable,
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
                if self.fsync {
                    let mode = batch.contains(where: \.isDurable) ? "FULL" : "NORMAL"
                    try database.cachedStatement(sql: "PRAGMA synchronous = \(mode)").execute()
                }
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
            if batch.count == 1 {
                outcomes.append(try batch[0].write(database))
                return .commit
            }
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
