import Hearth
import Synchronization

/// Remembers the first thing that makes going on pointless: an error, or the wish to stop.
final class Obstacle: Sendable {
    private let first = Mutex<(any Error)?>(nil)

    var error: (any Error)? { first.withLock { $0 } }

    func note(_ error: any Error) {
        first.withLock { first in first = first ?? error }
    }
}
