/// How long to wait before a request is sent again.
struct S3Backoff: Hashable, Sendable {
    let first: Duration
    let longest: Duration

    /// A random wait up to the bound of that attempt, so that clients which failed together do not return together.
    ///
    /// - Parameters:
    ///   - attempt: how many have failed.
    ///   - retryAfter: what the server asked for; it is never undercut.
    ///   - fraction: random, from 0 to 1.
    func wait(after attempt: Int, retryAfter: Duration? = nil, fraction: Double) -> Duration {
        let bound = min(first * (1 << min(attempt - 1, 20)), longest)
        return max(bound * fraction, min(retryAfter ?? .zero, .seconds(60)))
    }
}
