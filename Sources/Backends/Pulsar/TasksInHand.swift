import FoundationEssentials
import Hearth

/// The messages of the queue that this process has and has not acknowledged: a pure value.
///
/// A message is in hand from the moment it is received until it is acknowledged or handed back. Meanwhile it is judged,
/// or held under a receipt, or parked because its task is not to be done yet.
struct TasksInHand: Sendable {
    struct Parked: Sendable {
        let queued: QueuedTask
        /// For a task that somebody else holds: when to ask again whether they still do.
        let askAgain: Date?
    }

    private var tickets: Set<String> = []
    private(set) var held: [String: QueuedTask] = [:]
    private(set) var parked: [String: Parked] = [:]

    /// Takes a message in hand; `false` if it is already: the broker delivered it once more.
    mutating func admit(_ queued: QueuedTask) -> Bool { tickets.insert(queued.ticket).inserted }

    mutating func hold(_ queued: QueuedTask, receipt: String) { held[receipt] = queued }

    /// Ends the holding; the message stays in hand.
    mutating func unhold(_ receipt: String) -> QueuedTask? { held.removeValue(forKey: receipt) }

    mutating func park(_ queued: QueuedTask, askAgain: Date? = nil) {
        parked[queued.ticket] = Parked(queued: queued, askAgain: askAgain)
    }

    /// The message was acknowledged, or handed back.
    mutating func release(_ queued: QueuedTask) {
        tickets.remove(queued.ticket)
        parked[queued.ticket] = nil
    }

    /// Takes a parked message whose task can go on: the one that was published first.
    mutating func unpark(_ journal: TaskJournal, at now: Date) -> QueuedTask? {
        let movable = parked.values.filter { canMove($0, journal, at: now) }.map(\.queued)
        let first = movable.min { left, right in
            left.task.priority != right.task.priority
                ? left.task.priority > right.task.priority
                : (left.publishedAt, left.ticket) < (right.publishedAt, right.ticket)
        }
        if let first { parked[first.ticket] = nil }
        return first
    }

    private func canMove(_ parked: Parked, _ journal: TaskJournal, at now: Date) -> Bool {
        switch journal.standing(of: parked.queued.task.id, ticket: parked.queued.ticket, at: now) {
        case .waiting, .blocked: false
        case .held: parked.askAgain.map { $0 <= now } ?? true
        case .claimable, .unknown, .obsolete: true
        }
    }
}
