import Synchronization

/// Keeps an inbox registered as long as somebody reads.
final class ReplySubscription: Sendable {
    let inbox: ReplyInbox
    private let unregister: Mutex<(@Sendable () -> Void)?>

    init(inbox: ReplyInbox, end: @escaping @Sendable () -> Void) {
        self.inbox = inbox
        unregister = Mutex(end)
    }

    /// Ends the registration; doing it again changes nothing.
    func end() { unregister.withLock { $0.take() }?() }

    deinit { end() }
}
