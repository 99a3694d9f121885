import FoundationEssentials
import Synchronization

/// The server's time, as far as it is known: this machine's, moved by what the server said last.
final class ServerClock: Sendable {
    private let offset = Atomic<Int>(0)
    private let local: @Sendable () -> Int

    init(local: @escaping @Sendable () -> Int = { Int(Date().timeIntervalSince1970) }) { self.local = local }

    var now: S3Timestamp { S3Timestamp(seconds: local() + offset.load(ordering: .relaxed)) }

    /// Goes by the server's clock from now on.
    func follow(_ server: S3Timestamp) { offset.store(server.seconds - local(), ordering: .relaxed) }
}
