/// Work that the client's `run()` does beside its callers: reconnecting, refreshing, forwarding dead letters.
///
/// Bounded by what there is: a connection, producer or consumer has at most one job of each kind.
struct JobQueue: Sendable {
    typealias Job = @Sendable () async -> Void

    let jobs: AsyncStream<Job>
    private let continuation: AsyncStream<Job>.Continuation

    // check: allow stream because each source of jobs adds one of a kind at a time
    init() { (jobs, continuation) = AsyncStream.makeStream() }

    /// Returns `false` if the client was closed: the job will not be done.
    @discardableResult
    func add(_ job: @escaping Job) -> Bool {
        if case .terminated = continuation.yield(job) { false } else { true }
    }

    func finish() { continuation.finish() }
}
