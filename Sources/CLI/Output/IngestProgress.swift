import Hearth
import Synchronization

/// Counts what an ingestion has done and draws it.
final class IngestProgress: Sendable {
    struct Counts: Sendable, Encodable {
        var documents = 0
        var passages = 0
        var embedded = 0
        var bytes = 0
        var removed = 0
        var maskedSecrets = 0
        var skipped: [String: Int] = [:]
    }

    private let counts = Mutex(Counts())
    private let started = ContinuousClock.now

    var current: Counts { counts.withLock { $0 } }

    /// Seconds since the beginning.
    var seconds: Double { (ContinuousClock.now - started) / .seconds(1) }

    func note(_ outcome: IngestOutcome) {
        counts.withLock { counts in
            counts.documents += 1
            switch outcome {
            case .indexed(let passages, let embedded, let bytes, let secrets):
                counts.passages += passages
                counts.embedded += embedded
                counts.bytes += bytes
                counts.maskedSecrets += secrets
            case .skipped(let reason): counts.skipped[reason.rawValue, default: 0] += 1
            case .removed: counts.removed += 1
            case .obsolete: break
            }
        }
    }

    /// One line: a bar, files, chunks, chunks a second and the time left.
    func line(total: Int, width: Int) -> String {
        let counts = current
        let done = min(counts.documents, total)
        let share = total == 0 ? 1 : Double(done) / Double(total)
        let rate = seconds > 0 ? Double(counts.passages) / seconds : 0
        let left = done == 0 ? "" : ", " + Self.duration(seconds / Double(done) * Double(total - done)) + " left"
        let text = " \(done)/\(total) files, \(counts.passages) chunks, \(Int(rate)) chunks/s\(left)"
        let room = max(10, min(30, width - text.count - 3))
        let filled = Int(share * Double(room))
        return "[" + String(repeating: "█", count: filled) + String(repeating: "·", count: room - filled) + "]" + text
    }

    static func duration(_ seconds: Double) -> String {
        let whole = Int(seconds.rounded())
        if whole < 60 { return "\(whole) s" }
        return whole < 3600 ? "\(whole / 60) min \(whole % 60) s" : "\(whole / 3600) h \(whole % 3600 / 60) min"
    }
}
