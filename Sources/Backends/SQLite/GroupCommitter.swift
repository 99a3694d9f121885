import GRDB
import Synchronization

/// Gathers writes that arrive together into one transaction, so that they share one wait for the disk.
///
/// While a transaction runs, the next ones queue; when it ends, all of them go into one. Each has a savepoint of its own:
/// one that fails takes only itself back. Nobody is told that a write succeeded before the transaction has.
final class GroupCommitter: Sendable {
    typealias Write = @Sendable (Database) throws -> Void

    private struct Entry: Sendable {
        let write: Write
        let done: @Sendable (Result<Void, any Error>) -> Void
    }

    private struct State {
        var waiting: [Entry] = []
        var isRunning = false
    }

    /// The most writes of one transaction: a reader behind it must not wait for ever.
    private static let batch = 256

    private let pool: DatabasePool
    private let state = Mutex(State())

    init(_ pool: DatabasePool) { self.pool = pool }

    /// Runs `body` inside a transaction and returns when that is committed.
    func write<Value: Sendable>(_ body: @escaping @Sendable (Database) throws -> Value) async throws -> Value {
        try await withCheckedThrowingContinuation { continuation in
            let box = Mutex<Value?>(nil)
            let entry = Entry(
                write: { database in
                    let value = try body(database)
                    box.withLock { $0 = value }
                },
                done: { result in
                    continuation.resume(
                        with: result.flatMap {
                            box.withLock { $0 }.map { .success($0) } ?? .failure(CancellationError())
                        })
                })
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
        let outcomes = Mutex<[Result<Void, any Error>]>([])
        pool.asyncWriteWithoutTransaction { database in
            let committed = Result {
                try database.inTransaction(.immediate) {
                    let results = batch.map { entry in
                        Result {
                            try database.inSavepoint {
                                try entry.write(database)
                                return .commit
                            }
                        }
                    }
                    outcomes.withLock { $0 = results }
                    return .commit
                }
            }
            let results = outcomes.withLock { $0 }
            for (offset, entry) in batch.enumerated() {
                switch committed {
                case .success where results.indices.contains(offset): entry.done(results[offset])
                case .success: entry.done(.failure(CancellationError()))
                case .failure(let error): entry.done(.failure(error))
                }
            }
            self.runNext()
        }
    }
}
