import Hearth
import Synchronization

/// Remembers the first error that makes going on pointless.
final class Obstacle: Sendable {
    private let first = Mutex<StoreError?>(nil)

    var error: StoreError? { first.withLock { $0 } }

    func note(_ error: StoreError) {
        first.withLock { first in first = first ?? error }
    }
}
