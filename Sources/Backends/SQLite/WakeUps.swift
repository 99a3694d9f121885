import Synchronization

/// Lets those who wait for work sleep until somebody in this process brings some, or a time has passed.
final class WakeUps: Sendable {
    private struct State {
        var nextID = 0
        var waiting: [Int: CheckedContinuation<Void, Never>] = [:]
        /// Counts calls of ``wake()``, so that one between looking and sleeping is not missed.
        var count = 0
    }

    private let state = Mutex(State())

    /// What ``sleep(after:atMost:)`` compares with.
    var count: Int { state.withLock { $0.count } }

    /// Wakes everybody who sleeps.
    func wake() {
        let waiting = state.withLock { state in
            state.count += 1
            defer { state.waiting = [:] }
            return state.waiting
        }
        for continuation in waiting.values { continuation.resume() }
    }

    /// Sleeps until ``wake()`` was called after `count` was read, or the time is over, or the task is cancelled.
    func sleep(after count: Int, atMost duration: Duration) async {
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await self.untilWoken(after: count) }
            group.addTask { try? await Task.sleep(for: duration) }
            await group.next()
            group.cancelAll()
        }
    }

    private func untilWoken(after count: Int) async {
        let id = state.withLock { state in
            state.nextID += 1
            return state.nextID
        }
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let goesOn = state.withLock { state in
                    guard state.count == count, !Task.isCancelled else { return true }
                    state.waiting[id] = continuation
                    return false
                }
                if goesOn { continuation.resume() }
            }
        } onCancel: {
            state.withLock { $0.waiting.removeValue(forKey: id) }?.resume()
        }
    }
}
