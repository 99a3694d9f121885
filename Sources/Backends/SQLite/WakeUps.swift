import Hearth
import Synchronization

/// Lets those who wait for work sleep until somebody in this process brings some, or a time has passed.
final class WakeUps: Sendable {
    /// Why a sleep has ended.
    enum Signal: Sendable {
        /// There is work for this one.
        case woken
        /// There was a wake-up since the caller last looked, maybe for others.
        case missed
        /// The time is over, or the task is cancelled.
        case timeOver
    }

    private struct Sleepers {
        var waiting: [(id: Int, continuation: CheckedContinuation<Signal, Never>)] = []
        /// Counts calls of ``WakeUps/wake(_:on:)``, so that one between looking and sleeping is not missed.
        var count = 0
    }

    private struct State {
        var nextID = 0
        var topics: [TaskTopic: Sleepers] = [:]
        /// Those whose time was over before they lay down.
        var late: Set<Int> = []
    }

    private let state = Mutex(State())

    /// What ``sleep(on:after:atMost:)`` compares with.
    func count(on topic: TaskTopic) -> Int { state.withLock { $0.topics[topic]?.count ?? 0 } }

    /// Wakes those who have slept longest: as many as there is work for, so that the others need not look in vain.
    func wake(_ number: Int, on topic: TaskTopic) {
        let woken = state.withLock { state in
            state.topics[topic, default: Sleepers()].count += 1
            let waiting = state.topics[topic]?.waiting ?? []
            state.topics[topic]?.waiting = Array(waiting.dropFirst(number))
            return waiting.prefix(number)
        }
        for sleeper in woken { sleeper.continuation.resume(returning: .woken) }
    }

    /// Sleeps until it is woken, or the time is over, or the task is cancelled; not at all if there was a wake-up after
    /// `count` was read.
    func sleep(on topic: TaskTopic, after count: Int, atMost duration: Duration) async -> Signal {
        let id = state.withLock { state in
            state.nextID += 1
            return state.nextID
        }
        let signal = await withTaskGroup(of: Void.self) { group in
            group.addTask {
                try? await Task.sleep(for: duration)
                self.end(id, on: topic)
            }
            defer { group.cancelAll() }
            return await untilWoken(id, on: topic, after: count)
        }
        state.withLock { _ = $0.late.remove(id) }
        return signal
    }

    private func untilWoken(_ id: Int, on topic: TaskTopic, after count: Int) async -> Signal {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let signal: Signal? = state.withLock { state in
                    if state.topics[topic]?.count ?? 0 != count { return .missed }
                    if state.late.contains(id) { return .timeOver }
                    state.topics[topic, default: Sleepers()].waiting.append((id, continuation))
                    return nil
                }
                if let signal { continuation.resume(returning: signal) }
            }
        } onCancel: {
            end(id, on: topic)
        }
    }

    private func end(_ id: Int, on topic: TaskTopic) {
        let sleeper = state.withLock { state -> CheckedContinuation<Signal, Never>? in
            guard let index = state.topics[topic]?.waiting.firstIndex(where: { $0.id == id }) else {
                state.late.insert(id)
                return nil
            }
            return state.topics[topic]?.waiting.remove(at: index).continuation
        }
        sleeper?.resume(returning: .timeOver)
    }
}
