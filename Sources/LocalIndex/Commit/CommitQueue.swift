import GRDB
import Synchronization

/// Commits changes in groups: what arrives while a commit waits for the disk goes into the next one.
///
/// The queue holds what its callers await, no more: whoever submits waits until the change is committed.
final class CommitQueue: Sendable {
    private struct Waiter: Sendable {
        let change: Change
        let done: CheckedContinuation<Void, any Error>
    }

    private struct State {
        var waiting: [Waiter] = []
        var isCommitting = false
    }

    private static let maximumWeight = 16 << 20
    private static let maximumChanges = 512

    private let pool: DatabasePool
    private let writer: ChangeWriter
    private let state = Mutex(State())

    init(pool: DatabasePool, writer: ChangeWriter) {
        self.pool = pool
        self.writer = writer
    }

    /// Returns when the change is committed. Cancelling the caller does not take the change back.
    func submit(_ change: Change) async throws {
        try await withCheckedThrowingContinuation { done in
            let isFirst = state.withLock { state in
                state.waiting.append(Waiter(change: change, done: done))
                if state.isCommitting { return false }
                state.isCommitting = true
                return true
            }
            if isFirst { commitNext() }
        }
    }

    /// Commits one group on the writer's queue, and the next after it while anybody waits.
    private func commitNext() {
        pool.asyncWriteWithoutTransaction { db in
            let group = self.takeGroup()
            let result = self.writer.commit(group.map(\.change), db)
            for waiter in group { waiter.done.resume(with: result) }
            let hasMore = self.state.withLock { state in
                state.isCommitting = !state.waiting.isEmpty
                return state.isCommitting
            }
            if hasMore { self.commitNext() }
        }
    }

    private func takeGroup() -> [Waiter] {
        state.withLock { state in
            var weight = 0
            var count = 0
            for waiter in state.waiting.prefix(Self.maximumChanges) {
                weight += waiter.change.weight
                if count > 0, weight > Self.maximumWeight { break }
                count += 1
            }
            let group = Array(state.waiting.prefix(count))
            state.waiting.removeFirst(count)
            return group
        }
    }
}
