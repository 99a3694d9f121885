import Synchronization

/// Draws how far an evaluation is, for a person who watches.
final class EvaluationProgress: Sendable {
    private let terminal = Terminal.error
    private let drawn = Mutex<ContinuousClock.Instant?>(nil)

    /// Ten times a second at most.
    func show(_ what: String, _ done: Int, _ total: Int) {
        guard terminal.isInteractive else { return }
        let now = ContinuousClock.now
        let isDue = drawn.withLock { drawn in
            if let last = drawn, now - last < .milliseconds(100), done < total { return false }
            drawn = now
            return true
        }
        if isDue { terminal.write("\r\u{1B}[K\(what): \(done)/\(total)") }
    }

    func finish() {
        if terminal.isInteractive { terminal.write("\r\u{1B}[K") }
    }
}
