import Dispatch

/// Runs the work of one connection, one piece after the other, on a thread that may wait for the server: no thread of the
/// concurrency runtime ever does.
final class ConnectionThread: SerialExecutor {
    // A serial queue without a target has a thread of its own while it has work.
    private let queue = DispatchQueue(label: "postgres.connection")

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        queue.async { job.runSynchronously(on: self.asUnownedSerialExecutor()) }
    }
}
