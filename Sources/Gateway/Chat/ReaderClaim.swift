import Hearth
import Synchronization

/// The duty to read an answer, or else to see that it is stopped.
///
/// A client can go away before the first byte of its reply is written; then nobody ever begins to read. When the claim
/// is let go without having been taken up, it says so.
final class ReaderClaim: Sendable {
    private let abandon: Mutex<(@Sendable () -> Void)?>

    init(abandon: @escaping @Sendable () -> Void) { self.abandon = Mutex(abandon) }

    /// Reading begins: from now on the reader cares for the answer.
    func take() { abandon.withLock { $0 = nil } }

    deinit { abandon.withLock { $0.take() }?() }
}
