import FoundationEssentials

/// Measures the stages of one attempt.
struct StageClock {
    /// Seconds by stage.
    private(set) var seconds: [String: Double]
    private var last = ContinuousClock.now

    init(queuedAt: Date) {
        seconds = ["queue": max(0, Date().timeIntervalSince(queuedAt))]
    }

    /// Ends the stage that began when the one before ended.
    mutating func finish(_ stage: String) {
        let now = ContinuousClock.now
        seconds[stage, default: 0] += (now - last) / .seconds(1)
        last = now
    }

    mutating func finishOnce(_ stage: String) {
        if seconds[stage] == nil { finish(stage) }
    }
}
