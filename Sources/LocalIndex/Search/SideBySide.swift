import Dispatch
import Synchronization

/// Runs two blocking computations at the same time, one of them on the calling thread.
enum SideBySide {
    /// Returns when both are done. `local` stays on this thread, as a database connection demands.
    static func run<Local, Remote: Sendable>(
        _ local: () throws -> Local, and remote: @escaping @Sendable () throws -> Remote
    ) throws -> (Local, Remote) {
        let answer = Answer<Remote>()
        let group = DispatchGroup()
        DispatchQueue.global(qos: .userInitiated).async(group: group) {
            answer.result.withLock { $0 = Result { try remote() } }
        }
        let own = Result { try local() }
        group.wait()
        guard let other = answer.result.withLock({ $0 }) else { throw CancellationError() }
        return (try own.get(), try other.get())
    }

    private final class Answer<Value: Sendable>: Sendable {
        let result = Mutex<Result<Value, any Error>?>(nil)
    }
}
