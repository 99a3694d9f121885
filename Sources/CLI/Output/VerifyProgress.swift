import Synchronization
import Verify

/// Counts cases while they are judged, for a person who watches.
final class VerifyProgress: Sendable {
    private let terminal = Terminal.error
    private let isQuiet: Bool
    private let counts = Mutex<(passed: Int, failed: Int)>((0, 0))

    init(isQuiet: Bool) { self.isQuiet = isQuiet }

    func show(_ result: CaseResult) {
        let (passed, failed) = counts.withLock { counts -> (passed: Int, failed: Int) in
            if result.passed { counts.passed += 1 } else { counts.failed += 1 }
            return counts
        }
        guard terminal.isInteractive, !isQuiet else { return }
        let line = "\(passed) passed, \(failed) failed: \(result.id)"
        terminal.write("\r\u{1B}[K" + line.prefix(terminal.width))
    }

    func finish() {
        if terminal.isInteractive, !isQuiet { terminal.write("\r\u{1B}[K") }
    }
}
