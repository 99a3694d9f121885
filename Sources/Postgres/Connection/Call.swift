import Synchronization

/// One call of a caller who waits: until when, and whether it still wants the answer.
final class Call: Sendable {
    /// Why a call ends before its answer.
    enum Stop: Error { case cancelled, timedOut }

    private let deadline: ContinuousClock.Instant
    private let wake: WakeSignal?
    private let parent: Call?
    private let flag = Atomic(false)

    init(timeout: Duration, wake: WakeSignal? = nil, within parent: Call? = nil) {
        deadline = .now + timeout
        self.wake = wake
        self.parent = parent
    }

    /// Ends the wait of the connection's thread, if it works for this call.
    func cancel() {
        flag.store(true, ordering: .sequentiallyConsistent)
        wake?.send()
    }

    /// The milliseconds that are left, at least 1.
    /// - Throws: ``Stop`` when there is no reason to wait any longer.
    func remainingMilliseconds() throws(Stop) -> Int32 {
        if flag.load(ordering: .sequentiallyConsistent) { throw .cancelled }
        let left = ContinuousClock.now.duration(to: deadline)
        if left <= .zero { throw .timedOut }
        let outer = try parent?.remainingMilliseconds() ?? .max
        return min(outer, Int32(clamping: Int64(left / .milliseconds(1)) + 1))
    }
}
