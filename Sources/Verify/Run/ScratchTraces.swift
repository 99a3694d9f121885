import Synchronization

/// What a run has made on the server and has not removed yet.
final class ScratchTraces: Sendable {
    enum Trace: Hashable, Sendable {
        case project(String)
        case session(String)
    }

    /// By trace, whether it is certain that it is there.
    private let traces = Mutex<[Trace: Bool]>([:])

    /// To be called before a trace is made: whoever is interrupted meanwhile does not know whether it was.
    func begin(_ trace: Trace) { traces.withLock { $0[trace] = false } }

    func confirm(_ trace: Trace) { traces.withLock { $0[trace] = true } }

    func forget(_ trace: Trace) { traces.withLock { $0[trace] = nil } }

    var left: [Trace: Bool] { traces.withLock(\.self) }
}

extension ScratchTraces.Trace {
    /// For messages.
    var name: String {
        switch self {
        case .project(let id): "project \(id)"
        case .session(let id): "session \(id)"
        }
    }
}
