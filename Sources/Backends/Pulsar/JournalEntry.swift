import FoundationEssentials
import Hearth

/// What the journal knows of a task that is on the bus or among the dead letters.
struct JournalEntry: Hashable, Sendable, Codable {
    enum State: Hashable, Sendable, Codable {
        /// In nobody's hands; not to be handed out before ``JournalEntry/notBefore``.
        case open
        case claimed(receipt: String)
        case dead(message: TaskMessage, reason: String, diedAt: Date)
    }

    /// Which message of the queue stands for the task; others of the same task are duplicates. `nil` until one was
    /// claimed, where the broker did not say.
    var ticket: String?
    /// Where the task was published: decides the order within a key. `nil` is the place of the record itself.
    var order: JournalPosition?
    var priority: TaskPriority
    var orderingKey: String?
    var notBefore: Date?
    var expiresAt: Date?
    var publishedAt: Date
    var deliveryCount = 0
    var state = State.open
    /// Where the holder last said that it holds the task. Not written down: it follows from the records.
    var confirmedAt: JournalPosition?

    private enum CodingKeys: String, CodingKey {
        case ticket, order, priority, orderingKey, notBefore, expiresAt, publishedAt, deliveryCount, state
    }

    init(_ message: TaskMessage, ticket: String?, publishedAt: Date) {
        self.ticket = ticket
        priority = message.priority
        orderingKey = message.orderingKey
        notBefore = message.notBefore
        expiresAt = message.expiresAt
        self.publishedAt = publishedAt
    }

    var receipt: String? {
        if case .claimed(let receipt) = state { receipt } else { nil }
    }

    var isDead: Bool {
        if case .dead = state { true } else { false }
    }

    /// Whether both tell the same, but for what follows from where they were written.
    func tells(_ other: JournalEntry) -> Bool {
        var (mine, theirs) = (self, other)
        (mine.confirmedAt, theirs.confirmedAt) = (nil, nil)
        (mine.order, theirs.order) = (order ?? other.order, other.order ?? order)
        return mine == theirs
    }

    /// The same task in the hands of whoever has the receipt.
    func claimed(ticket: String?, receipt: String) -> JournalEntry {
        var entry = self
        entry.ticket = ticket ?? self.ticket
        entry.state = .claimed(receipt: receipt)
        entry.deliveryCount += 1
        entry.confirmedAt = nil
        return entry
    }

    /// The same task after the verdict; `nil` if it has left the bus.
    func settled(as verdict: TaskVerdict, message: TaskMessage, now: Date) -> JournalEntry? {
        var entry = self
        entry.confirmedAt = nil
        switch verdict {
        case .done: return nil
        case .retry(let delay, _):
            entry.state = .open
            entry.notBefore = now.addingTimeInterval(delay / .seconds(1))
        case .abandoned:
            entry.state = .open
            entry.deliveryCount -= 1
        case .deadLetter(let reason):
            entry.state = .dead(message: message, reason: reason, diedAt: now)
        }
        return entry
    }
}
