import Hearth
import Synchronization

/// Counts what an ingestion has done and draws it.
final class IngestProgress: Sendable {
    struct Counts: Sendable, Encodable {
        /// Documents of which the words can be found.
        var documents = 0
        var passages = 0
        /// Passages whose vectors had to be computed.
        var embedded = 0
        var bytes = 0
        var removed = 0
        var maskedSecrets = 0
        var skipped: [String: Int] = [:]
    }

    private struct State {
        var counts = Counts()
        /// Passages that have got the vectors that they lacked, and those that lack them, by document where that is known.
        var completed = 0
        var lacking = 0
        var lackingOf: [String: Int] = [:]
        /// When the last document's words were there: from then on all time goes into vectors.
        var embeddingSince: ContinuousClock.Instant?

        mutating func note(vectorsOf path: String, _ outcome: IngestOutcome) {
            guard case .indexed(let document) = outcome else { return }
            let lacked = lackingOf.removeValue(forKey: path) ?? document.embedded
            counts.embedded += document.embedded
            completed += lacked
            lacking = max(0, lacking - lacked)
        }
    }

    private let state = Mutex(State())
    private let started = ContinuousClock.now

    var current: Counts { state.withLock { $0.counts } }

    /// Seconds since the beginning.
    var seconds: Double { (ContinuousClock.now - started) / .seconds(1) }

    /// - Parameter lacking: passages that have no vector although their words were there before.
    func begin(lacking: Int) { state.withLock { $0.lacking = lacking } }

    func note(_ task: IngestTask, _ outcome: IngestOutcome) {
        state.withLock { state in
            if task.work == .vectors { return state.note(vectorsOf: task.path, outcome) }
            state.counts.documents += 1
            state.embeddingSince = .now
            switch outcome {
            case .indexed(let document):
                state.counts.passages += document.passages
                state.lacking += document.unembedded
                state.lackingOf[task.path] = document.unembedded
                state.counts.bytes += document.bytes
                state.counts.maskedSecrets += document.maskedSecrets
            case .skipped(let reason): state.counts.skipped[reason.rawValue, default: 0] += 1
            case .removed: state.counts.removed += 1
            case .obsolete: break
            }
        }
    }

    /// One line: a bar, and what is under way: files while their words come in, then chunks as they get their vectors.
    func line(total: Int, width: Int) -> String {
        let state = state.withLock { $0 }
        let counts = state.counts
        let text: String
        let share: Double
        if counts.documents < total {
            share = Double(counts.documents) / Double(total)
            text = " \(counts.documents)/\(total) files, \(counts.passages) chunks"
        } else {
            let all = state.completed + state.lacking
            share = all == 0 ? 1 : Double(state.completed) / Double(all)
            let rate = state.embeddingSince.map { Double(state.completed) / max(0.001, (.now - $0) / .seconds(1)) } ?? 0
            let left = rate == 0 ? "" : ", " + Self.duration(Double(state.lacking) / rate) + " left"
            text = " searchable; \(state.completed)/\(all) vectors, \(Int(rate))/s\(left)"
        }
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
