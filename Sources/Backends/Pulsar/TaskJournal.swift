import FoundationEssentials
import Hearth

/// Where every task of a topic is, as the journal tells: a pure state machine.
///
/// Everybody reads the same records in the same order and so comes to the same decisions: of two who claim a task at the
/// same time, the one whose record comes first has it.
struct TaskJournal: Sendable {
    /// What a message of the queue is good for.
    enum Standing: Hashable, Sendable {
        /// Nothing is known of the task: its record is still on its way, or was never written.
        case unknown
        case claimable(JournalEntry)
        case waiting(until: Date)
        /// Another task of its key comes first.
        case blocked
        case held(receipt: String, JournalEntry)
        /// The task is done, dead, or has another message.
        case obsolete
    }

    private(set) var position: JournalPosition?
    private var entries: [String: JournalEntry] = [:]
    /// The tasks of each key that are not dead, in order.
    private var keys: [String: [String]] = [:]
    /// Messages of the queue that stand for nothing any more. The oldest are forgotten: whoever gets one of those finds
    /// out from the ledger that its question is answered.
    private var spent = RecentSet()

    /// Applies a record, or refuses it if the task has moved on. Records that were applied before change nothing.
    @discardableResult
    mutating func fold(_ record: JournalRecord, at place: JournalPosition) -> Bool {
        if let position, place <= position { return false }
        position = place
        let current = entries[record.id]
        switch record.change {
        case .published:
            guard current == nil else {
                if let ticket = record.ticket, ticket != current?.ticket { spent.insert(ticket) }
                return false
            }
            return adopt(record, at: place)
        case .replayed:
            guard let current else { return adopt(record, at: place) }
            guard current.isDead else { return false }
            remove(record.id)
            return adopt(record, at: place)
        case .claimed(let receipt, let replaced):
            return claim(record, receipt: receipt, replacing: replaced, at: place)
        case .settled(let receipt):
            guard let current else { return adopt(record, at: place) }
            guard current.receipt == receipt else { return false }
            change(record.id, to: record.entry)
            return true
        case .cancelled:
            guard current == nil || current?.state == .open else { return false }
            if let ticket = record.ticket { spent.insert(ticket) }
            change(record.id, to: nil)
            return true
        case .asked:
            if current == nil { adopt(record, at: place) }
            return true
        }
    }

    private mutating func claim(
        _ record: JournalRecord,
        receipt: String,
        replacing replaced: String?,
        at place: JournalPosition
    ) -> Bool {
        guard let current = entries[record.id] else { return adopt(record, at: place) }
        guard current.ticket == nil || current.ticket == record.ticket else { return false }
        switch current.state {
        case .dead: return false
        case .claimed(receipt):
            entries[record.id]?.confirmedAt = place
            return true
        case .claimed(let holder) where holder != replaced: return false
        case .open, .claimed:
            entries[record.id] = current.claimed(ticket: record.ticket, receipt: receipt)
            return true
        }
    }

    /// Takes over what the record says of a task that is not known here.
    @discardableResult
    private mutating func adopt(_ record: JournalRecord, at place: JournalPosition) -> Bool {
        if let ticket = record.ticket, spent.contains(ticket) { return false }
        guard var entry = record.entry else {
            if let ticket = record.ticket { spent.insert(ticket) }
            return true
        }
        entry.order = entry.order ?? place
        entries[record.id] = entry
        if !entry.isDead { enqueue(record.id, entry) }
        return true
    }

    private mutating func change(_ id: String, to entry: JournalEntry?) {
        guard let entry else { return remove(id) }
        if entry.isDead { dequeue(id) }
        if entry.isDead, let ticket = entry.ticket { spent.insert(ticket) }
        entries[id] = entry
    }

    private mutating func remove(_ id: String) {
        dequeue(id)
        if let ticket = entries.removeValue(forKey: id)?.ticket { spent.insert(ticket) }
    }

    private mutating func enqueue(_ id: String, _ entry: JournalEntry) {
        guard let key = entry.orderingKey, let order = entry.order else { return }
        let line = keys[key, default: []]
        let index = line.lastIndex { other in entries[other]?.order.map { $0 < order } ?? true }.map { $0 + 1 } ?? 0
        keys[key, default: []].insert(id, at: index)
    }

    private mutating func dequeue(_ id: String) {
        guard let key = entries[id]?.orderingKey, let index = keys[key]?.firstIndex(of: id) else { return }
        keys[key]?.remove(at: index)
        if keys[key]?.isEmpty == true { keys[key] = nil }
    }
}

// MARK: Questions

extension TaskJournal {
    func entry(_ id: String) -> JournalEntry? { entries[id] }

    func standing(of id: String, ticket: String, at now: Date) -> Standing {
        if spent.contains(ticket) { return .obsolete }
        guard let entry = entries[id] else { return .unknown }
        guard entry.ticket == nil || entry.ticket == ticket else {
            // The message of a replay may come before its record.
            return entry.isDead ? .unknown : .obsolete
        }
        switch entry.state {
        case .dead: return .obsolete
        case .claimed(let receipt): return .held(receipt: receipt, entry)
        case .open:
            if isBlocked(id, entry) { return .blocked }
            if let notBefore = entry.notBefore, notBefore > now { return .waiting(until: notBefore) }
            return .claimable(entry)
        }
    }

    /// Whether a task of the same key was published before and is still to be done.
    private func isBlocked(_ id: String, _ entry: JournalEntry) -> Bool {
        guard let key = entry.orderingKey, let first = keys[key]?.first else { return false }
        return first != id
    }

    func backlog(at now: Date) -> TaskBacklog {
        var backlog = TaskBacklog()
        var oldest: Date?
        for (id, entry) in entries {
            switch entry.state {
            case .claimed: backlog.inFlight += 1
            case .dead: backlog.deadLetters += 1
            case .open:
                guard !isBlocked(id, entry), (entry.notBefore ?? .distantPast) <= now else {
                    backlog.waiting += 1
                    continue
                }
                backlog.ready += 1
                oldest = min(oldest ?? entry.publishedAt, entry.publishedAt)
            }
        }
        backlog.oldestReadyAge = oldest.map { max(0, now.timeIntervalSince($0)) } ?? 0
        return backlog
    }

    /// The latest first.
    func deadLetters(limit: Int) -> [DeadLetter] {
        let letters = entries.values.compactMap { entry -> DeadLetter? in
            guard case .dead(let message, let reason, let diedAt) = entry.state else { return nil }
            return DeadLetter(message: message, reason: reason, deliveryCount: entry.deliveryCount, diedAt: diedAt)
        }
        return Array(letters.sorted { ($0.diedAt, $0.message.id) > ($1.diedAt, $1.message.id) }.prefix(limit))
    }
}
