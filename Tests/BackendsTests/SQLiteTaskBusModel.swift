import FoundationEssentials
import Hearth

/// What a bus must do, as a list that is looked through from its beginning.
struct SQLiteTaskBusModel {
    struct Entry {
        var message: TaskMessage
        var notBefore: Date?
        var expiresAt: Date?
        var deliveryCount = 0
        var isHeld = false
        var isDead = false
    }

    /// In the order of publishing.
    private(set) var entries: [Entry] = []

    mutating func publish(_ message: TaskMessage) {
        guard !entries.contains(where: { $0.message.id == message.id }) else { return }
        entries.append(Entry(message: message, notBefore: message.notBefore, expiresAt: message.expiresAt))
    }

    /// Which task is handed out next.
    func next(at now: Date) -> Entry? {
        let ready = entries.indices.filter { isReady($0, at: now) }.map { entries[$0] }
        return ready.first { $0.message.priority == .interactive } ?? ready.first
    }

    mutating func claim(_ id: String) {
        change(id) { entry in
            entry.isHeld = true
            entry.deliveryCount += 1
        }
    }

    mutating func settle(_ id: String, as verdict: TaskVerdict, at now: Date) {
        change(id) { $0.isHeld = false }
        switch verdict {
        case .done: entries.removeAll { $0.message.id == id }
        case .retry(let delay, _): change(id) { $0.notBefore = now.addingTimeInterval(delay / .seconds(1)) }
        case .deadLetter: change(id) { $0.isDead = true }
        case .abandoned: change(id) { $0.deliveryCount -= 1 }
        }
    }

    mutating func cancel(_ id: String) -> Bool {
        guard let index = entries.firstIndex(where: { $0.message.id == id && !$0.isHeld && !$0.isDead }) else {
            return false
        }
        entries.remove(at: index)
        return true
    }

    mutating func replay(_ id: String) -> Bool {
        guard entries.contains(where: { $0.message.id == id && $0.isDead }) else { return false }
        change(id) { entry in
            (entry.isDead, entry.deliveryCount, entry.notBefore, entry.expiresAt) = (false, 0, nil, nil)
        }
        return true
    }

    /// The process that held these is gone.
    mutating func lose(_ ids: [String]) {
        for id in ids { change(id) { $0.isHeld = false } }
    }

    func backlog(at now: Date) -> TaskBacklog {
        let ready = entries.indices.count { isReady($0, at: now) }
        let held = entries.count { $0.isHeld }
        let dead = entries.count { $0.isDead }
        return TaskBacklog(
            ready: ready, waiting: entries.count - ready - held - dead, inFlight: held, deadLetters: dead)
    }

    private func isReady(_ index: Int, at now: Date) -> Bool {
        let entry = entries[index]
        guard !entry.isHeld, !entry.isDead, (entry.notBefore ?? .distantPast) <= now else { return false }
        guard let key = entry.message.orderingKey else { return true }
        return !entries[..<index].contains { $0.message.orderingKey == key && !$0.isDead }
    }

    private mutating func change(_ id: String, _ body: (inout Entry) -> Void) {
        guard let index = entries.firstIndex(where: { $0.message.id == id }) else { return }
        body(&entries[index])
    }
}
