import Backends
import Hearth
import Synchronization

/// Counts what a push has done and draws it.
final class PushProgress: Sendable {
    struct Counts: Sendable, Encodable {
        var uploaded = 0
        var bytes = 0
        var unchanged = 0
        var deleted = 0
        var left = 0
        var skipped: [String: Int] = [:]
    }

    private struct State {
        var counts = Counts()
        var drawn: ContinuousClock.Instant?
    }

    private let state = Mutex(State())
    private let started = ContinuousClock.now

    var current: Counts { state.withLock { $0.counts } }

    /// Seconds since the beginning.
    var seconds: Double { (ContinuousClock.now - started) / .seconds(1) }

    func note(_ step: TreePush.Step) {
        state.withLock { state in
            switch step {
            case .uploaded(_, let bytes):
                state.counts.uploaded += 1
                state.counts.bytes += bytes
            case .unchanged: state.counts.unchanged += 1
            case .deleted: state.counts.deleted += 1
            case .left: state.counts.left += 1
            case .skipped(_, let reason): state.counts.skipped[reason.rawValue, default: 0] += 1
            }
        }
    }

    /// One line, ten times a second at most, where a person is watching.
    func draw(on terminal: Terminal) {
        guard terminal.isInteractive else { return }
        let now = ContinuousClock.now
        let isDue = state.withLock { state in
            if let drawn = state.drawn, now - drawn < .milliseconds(100) { return false }
            state.drawn = now
            return true
        }
        if isDue { terminal.write("\r\u{1B}[K" + line) }
    }

    func finish(on terminal: Terminal) {
        if terminal.isInteractive { terminal.write("\r\u{1B}[K" + line + "\n") }
    }

    private var line: String {
        let counts = current
        return "\(counts.uploaded) uploaded (\(counts.bytes >> 20) MB), \(counts.unchanged) unchanged, "
            + "\(counts.deleted) deleted"
    }
}
