/// When a call that failed is made again.
///
/// All calls of ``QdrantClient`` are idempotent, because points have ids of the caller's: only whether the failure may
/// pass and how much time is left decide.
public struct QdrantRetryPolicy: Sendable, Hashable {
    /// How often a call is made at most.
    public var attempts: Int
    /// The wait after the first failure; it doubles with each further one.
    public var firstDelay: Duration
    public var longestDelay: Duration

    public init(attempts: Int = 5, firstDelay: Duration = .milliseconds(100), longestDelay: Duration = .seconds(5)) {
        self.attempts = attempts
        self.firstDelay = firstDelay
        self.longestDelay = longestDelay
    }

    /// How long to wait before the next attempt; `nil` when there is to be none.
    ///
    /// - Parameters:
    ///   - attempt: the number of the one that failed, from 1.
    ///   - remaining: the time that is left for the call. A wait that would outlast it is not begun.
    ///   - jitter: from 0 to 1: many clients that failed together come back one by one. A server that says when to
    ///     come back is not asked before.
    public func delay(
        after error: QdrantError,
        attempt: Int,
        remaining: Duration,
        jitter: Double
    ) -> Duration? {
        guard error.isRetriable, attempt < attempts else { return nil }
        let doubled = firstDelay * (1 << min(attempt - 1, 20))
        let delay = error.retryAfter ?? min(doubled, longestDelay) * (0.5 + 0.5 * min(max(jitter, 0), 1))
        return delay < remaining ? delay : nil
    }
}
