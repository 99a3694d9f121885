/// Turns a failure into a verdict: exponential backoff with full jitter, then the dead letters.
public struct RetryPolicy: Hashable, Sendable {
    /// How often a task is tried in all.
    public var maximumAttempts: Int
    /// How often a task is handed out in all, deliveries counted that were lost with their worker: a task that kills
    /// every worker must not go round for ever.
    public var maximumDeliveries: Int
    /// The longest wait before the second attempt; it doubles from attempt to attempt.
    public var firstDelay: Duration
    public var longestDelay: Duration

    public init(
        maximumAttempts: Int = 5,
        maximumDeliveries: Int = 50,
        firstDelay: Duration = .milliseconds(500),
        longestDelay: Duration = .seconds(60)
    ) {
        self.maximumAttempts = maximumAttempts
        self.maximumDeliveries = maximumDeliveries
        self.firstDelay = firstDelay
        self.longestDelay = longestDelay
    }

    /// - Parameters:
    ///   - attempt: the attempt that failed, counted from 1.
    ///   - unit: a random number in 0…1 that places the wait between half of the bound and the bound.
    public func verdict(
        isRetriable: Bool,
        attempt: Int,
        reason: String,
        unit: Double = .random(in: 0...1)
    ) -> TaskVerdict {
        guard isRetriable, attempt < maximumAttempts else { return .deadLetter(reason: reason) }
        return .retry(after: delay(afterAttempt: attempt, unit: unit), reason: reason)
    }

    func delay(afterAttempt attempt: Int, unit: Double) -> Duration {
        let doublings = min(max(attempt - 1, 0), 30)
        let bound = min(firstDelay * (1 << doublings), longestDelay)
        return bound * (0.5 + 0.5 * min(max(unit, 0), 1))
    }
}
