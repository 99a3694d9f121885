import FoundationEssentials
import Hearth

/// When something was erased for the last time, so that what was said before does not come back.
struct Erasure: Sendable {
    /// How long it is remembered: longer than any question may take to be answered.
    static let lifetime: TimeInterval = 30 * 86_400

    let date: Date

    /// What of an append is younger; `nil` if it is not to be done.
    func remains(_ messages: [Message], of session: Session) -> [Message]? {
        guard !messages.isEmpty else { return session.createdAt > date ? messages : nil }
        let younger = messages.filter { $0.createdAt > date }
        return younger.isEmpty ? nil : younger
    }
}
