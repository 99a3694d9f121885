import Synchronization

/// What is known of the server's version, shared by the copies of a client.
final class KnownVersion: Sendable {
    private let version = Mutex<QdrantVersion?>(nil)

    var value: QdrantVersion? {
        get { version.withLock { $0 } }
        set { version.withLock { $0 = newValue } }
    }
}
