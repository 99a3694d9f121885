import FoundationEssentials
import Hearth
import Logging
import Pulsar
import Synchronization

/// One topic of the bus: its queues, its journal, and what this process has in hand of it.
final class PulsarTaskQueue: Sendable {
    /// How long an answer of the broker, or of the journal, is waited for.
    static let patience = Duration.seconds(10)
    /// How long a task's record may come later than its message.
    static let recordDelay = Duration.seconds(1)
    /// How long a holder may take to say that it holds a task, before the task is taken from it.
    static let silence = Duration.seconds(2)
    /// How soon a holder that has answered is asked again.
    static let askingInterval = Duration.seconds(10)
    /// How much later than interactive tasks those of the batch are asked for: time enough for a waiting interactive task
    /// to come first.
    static let batchDelay = Duration.milliseconds(20)
    /// How soon it is noticed that a task has become due.
    static let tick = Duration.milliseconds(100)

    let topic: TaskTopic
    let journal: JournalFollower
    let hands = Mutex(TasksInHand())
    let names: PulsarTopicNames
    let logger: Logger
    let now: @Sendable () -> Date
    private let links: PulsarLinks

    init(
        _ topic: TaskTopic,
        names: PulsarTopicNames,
        links: PulsarLinks,
        logger: Logger,
        now: @escaping @Sendable () -> Date
    ) {
        self.topic = topic
        self.names = names
        self.links = links
        self.logger = logger
        self.now = now
        journal = JournalFollower(topic: names.journal(topic), logger: logger)
    }

    /// Follows the journal and hands back what has become due and nobody here waits for. Runs until cancelled.
    func run(_ client: PulsarClient) async {
        await withDiscardingTaskGroup { group in
            group.addTask { await self.journal.run(client) { self.answer($0) } }
            group.addTask { while (try? await Task.sleep(for: Self.tick)) != nil { self.look() } }
        }
    }

    // MARK: Publishing

    /// Puts messages into the queues, then into the journal: one that is only in the queue is found by a worker, one that
    /// were only in the journal would be found by nobody.
    func publish(_ tasks: [TaskMessage]) async throws {
        // Duplicates that are not noticed here, because somebody else publishes the same, are noticed by the journal.
        let known = journal.view { journal in Set(tasks.map(\.id).filter { journal.entry($0) != nil }) }
        var seen = known
        let new = tasks.filter { seen.insert($0.id).inserted }
        for start in stride(from: 0, to: new.count, by: 256) {
            let part = new[start..<min(start + 256, new.count)]
            let tickets = try await enqueue(Array(part))
            let published = now()
            try await record(
                zip(part, tickets).map { task, ticket in
                    JournalRecord(
                        id: task.id, change: .published, ticket: ticket,
                        entry: JournalEntry(task, ticket: ticket, publishedAt: published))
                })
        }
    }

    /// The tickets of the messages; `nil` where the broker recognised one as stored already.
    private func enqueue(_ tasks: [TaskMessage]) async throws -> [String?] {
        let receipts = Receipts(count: tasks.count)
        for (index, task) in tasks.enumerated() {
            let producer = try await links.producer(queue: names.queue(topic, task.priority))
            try await producer.enqueue(try QueuedTask.outgoing(task)) { receipts.note($0, at: index) }
        }
        return zip(try await receipts.all(), tasks).map { id, task in
            id.isStored ? QueuedTask.ticket(id, task.priority) : nil
        }
    }

    /// Writes records into the journal, in order; returns the place of the last one.
    @discardableResult
    func record(_ records: [JournalRecord]) async throws -> JournalPosition? {
        let producer = try await links.producer(journal: names.journal(topic))
        let receipts = Receipts(count: records.count)
        for (index, record) in records.enumerated() {
            try await producer.enqueue(try record.outgoing()) { receipts.note($0, at: index) }
        }
        return try await receipts.all().last.map { JournalPosition($0) }
    }

    /// Writes a record and returns what the journal then says of the task.
    func submit(_ record: JournalRecord) async throws -> JournalEntry? {
        guard let place = try await self.record([record]) else { return nil }
        let id = record.id
        let entry = try await journal.wait(atMost: Self.patience) { journal -> JournalEntry?? in
            guard let position = journal.position, position >= place else { return nil }
            return .some(journal.entry(id))
        }
        guard let entry else {
            throw TaskBusError(.unreachable, "The journal of \(topic) does not show what was written to it.")
        }
        return entry
    }

    func consumers() async throws -> [TaskPriority: Consumer] {
        var consumers: [TaskPriority: Consumer] = [:]
        for priority in TaskPriority.allCases {
            consumers[priority] = try await links.consumer(queue: names.queue(topic, priority))
        }
        return consumers
    }

    // MARK: Looking

    private func catchUp() async throws {
        try await journal.catchUp(within: Self.patience) {
            try await self.record([JournalRecord(id: "mark", change: .asked, ticket: nil, entry: nil)])
        }
    }

    func backlog() async throws -> TaskBacklog {
        try await catchUp()
        return journal.view { $0.backlog(at: now()) }
    }

    func deadLetters(limit: Int) async throws -> [DeadLetter] {
        try await catchUp()
        return journal.view { $0.deadLetters(limit: limit) }
    }

    // MARK: Changing

    func cancel(_ id: String) async throws -> Bool {
        try await catchUp()
        guard let entry = journal.view({ $0.entry(id) }), entry.state == .open else { return false }
        let record = JournalRecord(id: id, change: .cancelled, ticket: entry.ticket, entry: nil)
        guard let after = try await submit(record) else { return true }
        await restate(id, after)
        return false
    }

    func replay(_ id: String) async throws -> Bool {
        try await catchUp()
        guard let entry = journal.view({ $0.entry(id) }), case .dead(var task, _, _) = entry.state else { return false }
        (task.notBefore, task.expiresAt) = (nil, nil)
        let ticket = try await enqueue([task])[0]
        let fresh = JournalEntry(task, ticket: ticket, publishedAt: now())
        let after = try await submit(
            JournalRecord(id: id, change: .replayed, ticket: ticket, entry: fresh))
        return after?.isDead != true
    }

    /// Writes what is true of a task after a record that did not tell it: the last record of a task must tell the truth,
    /// for a compacted journal keeps no other.
    func restate(_ id: String, _ entry: JournalEntry?) async {
        let record = JournalRecord(id: id, change: .asked, ticket: entry?.ticket, entry: entry)
        do { try await self.record([record]) } catch {
            logger.warning("cannot correct the journal", metadata: ["task": "\(id)", "error": "\(error)"])
        }
    }

    // MARK: In hand

    /// Says that a task is held here, if somebody asks.
    private func answer(_ record: JournalRecord) {
        guard record.change == .asked, let entry = journal.view({ $0.entry(record.id) }), let receipt = entry.receipt,
            hands.withLock({ $0.held[receipt] != nil })
        else { return }
        links.add {
            let answer = JournalRecord(
                id: record.id, change: .claimed(receipt: receipt, replacing: nil), ticket: entry.ticket, entry: entry)
            do { try await self.record([answer]) } catch {
                self.logger.warning(
                    "cannot say that a task is held here", metadata: ["task": "\(record.id)", "error": "\(error)"])
            }
        }
    }

    /// Gives parked tasks that can go on to whoever waits here, or else back to the broker for others.
    func look() {
        journal.wake()
        let time = now()
        while let queued = journal.view({ journal in hands.withLock { $0.unpark(journal, at: time) } }) {
            handBack(queued)
        }
    }

    func handBack(_ queued: QueuedTask) {
        hands.withLock { $0.release(queued) }
        queued.consumer.handBack(queued.message)
    }
}
