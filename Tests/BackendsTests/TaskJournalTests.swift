import FoundationEssentials
import Hearth
import HearthTesting
import NIOCore
import Pulsar
import Testing

@testable import Backends

@Suite("The journal of tasks")
struct TaskJournalTests {
    private let now = Date(timeIntervalSince1970: 1_800_000_000)

    private func message(_ id: String, key: String? = nil) -> TaskMessage {
        TaskMessage(id: id, topic: .answer, orderingKey: key, payload: Data())
    }

    private func published(_ id: String, key: String? = nil, ticket: String? = nil) -> JournalRecord {
        let ticket = ticket ?? "\(id)/1"
        return JournalRecord(
            id: id, change: .published, ticket: ticket,
            entry: JournalEntry(message(id, key: key), ticket: ticket, publishedAt: now))
    }

    private func claimed(
        _ id: String,
        _ receipt: String,
        in journal: TaskJournal,
        ticket: String? = nil,
        replacing holder: String? = nil
    ) -> JournalRecord {
        let ticket = ticket ?? "\(id)/1"
        let entry = journal.entry(id) ?? JournalEntry(message(id), ticket: ticket, publishedAt: now)
        return JournalRecord(
            id: id, change: .claimed(receipt: receipt, replacing: holder), ticket: ticket,
            entry: entry.claimed(ticket: ticket, receipt: receipt))
    }

    private func settled(
        _ id: String,
        _ receipt: String,
        as verdict: TaskVerdict,
        in journal: TaskJournal
    ) -> JournalRecord {
        JournalRecord(
            id: id, change: .settled(receipt: receipt), ticket: journal.entry(id)?.ticket,
            entry: journal.entry(id)?.settled(as: verdict, message: message(id), now: now))
    }

    /// Folds records at consecutive places.
    private struct Log {
        var journal = TaskJournal()
        var hasAccepted = false
        private var next: Int64 = 0

        mutating func add(_ record: JournalRecord) {
            next += 1
            hasAccepted = journal.fold(record, at: JournalPosition(ledger: 1, entry: next))
        }
    }

    @Test("of two who claim at the same time the first has the task")
    func races() {
        var log = Log()
        log.add(published("a"))
        let before = log.journal
        log.add(claimed("a", "r1", in: before))
        #expect(log.hasAccepted)
        log.add(claimed("a", "r2", in: before))
        #expect(!log.hasAccepted)
        #expect(log.journal.entry("a")?.receipt == "r1" && log.journal.entry("a")?.deliveryCount == 1)
        log.add(settled("a", "r2", as: .done, in: log.journal))
        #expect(!log.hasAccepted)
        log.add(settled("a", "r1", as: .done, in: log.journal))
        #expect(log.hasAccepted)
        #expect(log.journal.backlog(at: now) == TaskBacklog())
    }

    @Test("a holder that says so again does not count as another delivery")
    func confirms() {
        var log = Log()
        log.add(published("a"))
        log.add(claimed("a", "r1", in: log.journal))
        #expect(log.journal.entry("a")?.confirmedAt == nil)
        log.add(claimed("a", "r1", in: log.journal))
        #expect(log.journal.entry("a")?.confirmedAt == JournalPosition(ledger: 1, entry: 3))
        #expect(log.journal.entry("a")?.deliveryCount == 1)
    }

    @Test("a task is taken from a holder only by naming it")
    func takesOver() {
        var log = Log()
        log.add(published("a"))
        log.add(claimed("a", "r1", in: log.journal))
        log.add(claimed("a", "r2", in: log.journal, replacing: "r0"))
        #expect(!log.hasAccepted)
        log.add(claimed("a", "r2", in: log.journal, replacing: "r1"))
        #expect(log.hasAccepted)
        #expect(log.journal.entry("a")?.deliveryCount == 2)
        // Whoever was given up and lives on has no say any more.
        log.add(settled("a", "r1", as: .deadLetter(reason: "late"), in: log.journal))
        #expect(!log.hasAccepted)
        #expect(log.journal.entry("a")?.receipt == "r2")
    }

    @Test("of two messages of one task the second stands for nothing, before and after the task is done")
    func duplicates() {
        var log = Log()
        log.add(published("a", ticket: "first"))
        log.add(published("a", ticket: "second"))
        #expect(!log.hasAccepted)
        #expect(log.journal.standing(of: "a", ticket: "second", at: now) == .obsolete)
        log.add(claimed("a", "r2", in: log.journal, ticket: "second"))
        #expect(!log.hasAccepted)
        log.add(claimed("a", "r1", in: log.journal, ticket: "first"))
        log.add(settled("a", "r1", as: .done, in: log.journal))
        #expect(log.journal.standing(of: "a", ticket: "first", at: now) == .obsolete)
        #expect(log.journal.standing(of: "a", ticket: "second", at: now) == .obsolete)
        log.add(claimed("a", "r3", in: log.journal, ticket: "first"))
        #expect(!log.hasAccepted, "a late claim")
        // The same id may be published anew.
        log.add(published("a", ticket: "third"))
        #expect(log.hasAccepted)
    }

    @Test("a replayed dead letter has a message of its own; that of the dead one is spent")
    func replays() throws {
        var log = Log()
        log.add(published("a", ticket: "old"))
        log.add(claimed("a", "r1", in: log.journal, ticket: "old"))
        log.add(settled("a", "r1", as: .deadLetter(reason: "poison"), in: log.journal))
        #expect(log.journal.deadLetters(limit: 9).map(\.reason) == ["poison"])
        #expect(log.journal.standing(of: "a", ticket: "new", at: now) == .unknown, "its record is on the way")
        let fresh = JournalEntry(message("a"), ticket: "new", publishedAt: now)
        let replay = JournalRecord(id: "a", change: .replayed, ticket: "new", entry: fresh)
        log.add(replay)
        #expect(log.hasAccepted)
        log.add(replay)
        #expect(!log.hasAccepted)
        #expect(log.journal.standing(of: "a", ticket: "old", at: now) == .obsolete)
        #expect(log.journal.entry("a")?.deliveryCount == 0)
    }

    @Test("the first of a key goes first, and a dead one lets the next pass")
    func ordersKeys() {
        var log = Log()
        for id in ["a", "b", "c"] { log.add(published(id, key: "k")) }
        #expect(log.journal.standing(of: "b", ticket: "b/1", at: now) == .blocked)
        log.add(claimed("a", "r1", in: log.journal))
        #expect(log.journal.standing(of: "b", ticket: "b/1", at: now) == .blocked)
        log.add(settled("a", "r1", as: .deadLetter(reason: "poison"), in: log.journal))
        guard case .claimable = log.journal.standing(of: "b", ticket: "b/1", at: now) else {
            Issue.record("b is not claimable")
            return
        }
        log.add(JournalRecord(id: "b", change: .cancelled, ticket: "b/1", entry: nil))
        guard case .claimable = log.journal.standing(of: "c", ticket: "c/1", at: now) else {
            Issue.record("c is not claimable")
            return
        }
    }

    @Test("records survive being written down", arguments: 0..<100)
    func coding(seed: Int) throws {
        var world = World(seed: UInt64(seed))
        for _ in 0..<60 { world.step() }
        for (record, _) in world.log {
            let message = try record.outgoing()
            let back = try JournalRecord(
                id: #require(message.key), properties: message.properties,
                payload: Data(message.payload.readableBytesView))
            #expect(back == record.withoutConfirmation)
        }
    }

    @Test("whoever reads the journal, however late, and however often a record comes, agrees", arguments: 0..<300)
    func agrees(seed: Int) {
        var world = World(seed: UInt64(seed))
        for _ in 0..<200 { world.step() }
        var twice = TaskJournal()
        for (record, place) in world.log {
            twice.fold(record, at: place)
            twice.fold(record, at: place)
        }
        #expect(twice.isSame(as: world.truth, ids: World.ids, at: now))
        #expect(world.violations == [])
    }

    @Test("a compacted journal tells the same", arguments: 0..<300)
    func compacts(seed: Int) {
        var world = World(seed: UInt64(seed))
        for _ in 0..<200 { world.step() }
        // Compaction keeps the last record of each task, and none of a task that is gone.
        var last: [String: Int] = [:]
        for (index, line) in world.log.enumerated() { last[line.0.id] = index }
        var compacted = TaskJournal()
        for (index, line) in world.log.enumerated() where last[line.0.id] == index && line.0.entry != nil {
            compacted.fold(line.0, at: line.1)
        }
        #expect(compacted.isSame(as: world.truth, ids: World.ids, at: now))
    }
}

/// Several processes that write what they believe to be true, each from a view that lags behind, and see to it that the
/// last record of a task is true.
private struct World {
    static let ids = ["a", "b", "c", "d", "e"]
    private let now = Date(timeIntervalSince1970: 1_800_000_000)
    private var random: SplitMix64
    private(set) var log: [(JournalRecord, JournalPosition)] = []
    private(set) var truth = TaskJournal()
    private(set) var violations: [String] = []
    /// Views of the processes, and how much of the log each has read.
    private var views = [(TaskJournal(), 0), (TaskJournal(), 0), (TaskJournal(), 0)]
    private var counter = 0
    private var holders: [String: String] = [:]

    init(seed: UInt64) { random = SplitMix64(seed: seed) }

    mutating func step() {
        let process = random.next(below: views.count)
        // Reads on, but not always to the end.
        for _ in 0..<random.next(below: 6) where views[process].1 < log.count {
            let (record, place) = log[views[process].1]
            views[process].0.fold(record, at: place)
            views[process].1 += 1
        }
        let view = views[process].0
        let id = Self.ids[random.next(below: Self.ids.count)]
        counter += 1
        guard let record = record(of: id, in: view) else { return }
        let isAccepted = append(record)
        check(record, isAccepted)
        // Who finds, on reading its own record, that it does not tell the truth, states it.
        let tellsTruth =
            switch (truth.entry(id), record.entry) {
            case (nil, nil): true
            case (let entry?, let written?): entry.tells(written)
            default: false
            }
        if !tellsTruth {
            append(JournalRecord(id: id, change: .asked, ticket: truth.entry(id)?.ticket, entry: truth.entry(id)))
        }
    }

    private mutating func record(of id: String, in view: TaskJournal) -> JournalRecord? {
        let message = TaskMessage(
            id: id, topic: .answer, orderingKey: random.next(below: 2) == 0 ? "k" : nil, payload: Data())
        let ticket = "\(id)/\(counter)"
        guard let entry = view.entry(id) else {
            return JournalRecord(
                id: id, change: .published, ticket: ticket,
                entry: JournalEntry(message, ticket: ticket, publishedAt: now))
        }
        switch entry.state {
        case .dead:
            return JournalRecord(
                id: id, change: .replayed, ticket: ticket,
                entry: JournalEntry(message, ticket: ticket, publishedAt: now))
        case .open:
            if random.next(below: 6) == 0 {
                return JournalRecord(id: id, change: .cancelled, ticket: entry.ticket, entry: nil)
            }
            return claim(id, entry, replacing: nil)
        case .claimed(let receipt):
            switch random.next(below: 8) {
            case 0: return claim(id, entry, replacing: receipt)
            case 1:
                return JournalRecord(
                    id: id, change: .claimed(receipt: receipt, replacing: nil), ticket: entry.ticket, entry: entry)
            default:
                let verdicts: [TaskVerdict] = [
                    .done, .abandoned, .retry(after: .zero, reason: "again"), .deadLetter(reason: "poison"),
                ]
                let verdict = verdicts[random.next(below: verdicts.count)]
                return JournalRecord(
                    id: id, change: .settled(receipt: receipt), ticket: entry.ticket,
                    entry: entry.settled(as: verdict, message: message, now: now))
            }
        }
    }

    private func claim(_ id: String, _ entry: JournalEntry, replacing holder: String?) -> JournalRecord {
        let receipt = "r\(counter)"
        return JournalRecord(
            id: id, change: .claimed(receipt: receipt, replacing: holder), ticket: entry.ticket,
            entry: entry.claimed(ticket: entry.ticket, receipt: receipt))
    }

    @discardableResult
    private mutating func append(_ record: JournalRecord) -> Bool {
        let place = JournalPosition(ledger: 1, entry: Int64(log.count))
        log.append((record, place))
        return truth.fold(record, at: place)
    }

    /// Nobody gets a task that somebody else holds, and only who holds it settles it.
    private mutating func check(_ record: JournalRecord, _ isAccepted: Bool) {
        guard isAccepted else { return }
        let holder = holders[record.id]
        switch record.change {
        case .claimed(let receipt, let replaced):
            if let holder, holder != receipt, holder != replaced {
                violations.append("\(record.id) was taken from \(holder)")
            }
            holders[record.id] = receipt
        case .settled(let receipt):
            if holder != receipt { violations.append("\(record.id) was settled by \(receipt)") }
            holders[record.id] = nil
        case .cancelled, .published, .replayed:
            if let holder { violations.append("\(record.id) was changed under \(holder)") }
        case .asked: break
        }
    }
}

extension TaskJournal {
    fileprivate func isSame(as other: TaskJournal, ids: [String], at now: Date) -> Bool {
        ids.allSatisfy { id in
            guard let mine = entry(id), let theirs = other.entry(id) else { return entry(id) == other.entry(id) }
            return mine.tells(theirs) && mine.order == theirs.order
        } && backlog(at: now) == other.backlog(at: now)
    }
}

extension JournalRecord {
    fileprivate var withoutConfirmation: JournalRecord {
        var entry = entry
        entry?.confirmedAt = nil
        return JournalRecord(id: id, change: change, ticket: ticket, entry: entry)
    }
}
