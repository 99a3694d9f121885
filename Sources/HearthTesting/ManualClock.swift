public import FoundationEssentials
import Synchronization

/// A time that stands still until a test moves it.
public final class ManualClock: Sendable {
    private let time: Mutex<Date>

    public init(_ start: Date = Date()) { time = Mutex(start) }

    public var now: Date { time.withLock { $0 } }

    public func advance(_ duration: Duration) {
        time.withLock { $0 = $0.addingTimeInterval(duration / .seconds(1)) }
    }
}
