public import FoundationEssentials
public import Hearth

/// A ledger in memory.
public actor MemoryTaskLedger: TaskLedger {
    private let clock: @Sendable () -> Date
    private var rows: [CorrelationID: LedgerEntry] = [:]
    private var written: [CorrelationID: [ReplyEvent]] = [:]
    /// Thrown by everything while it is set: a ledger that is away.
    private var failure: StoreError?

    public init(clock: @escaping @Sendable () -> Date = { Date() }) { self.clock = clock }

    /// Makes every call fail with `error`, or work again.
    public func fail(with error: StoreError?) { failure = error }

    public func record(_ task: AnswerTask, deduplicatingWithin window: Double) async throws -> RecordOutcome {
        try check()
        if let deduplication = task.deduplication {
            let earliest = task.createdAt.addingTimeInterval(-window)
            let same = rows.values.filter { row in
                row.task.deduplication?.key == deduplication.key && row.task.createdAt >= earliest
                    && row.status != .rejected
            }
            if let latest = same.max(by: { $0.task.createdAt < $1.task.createdAt }) {
                return latest.task.deduplication == deduplication
                    ? .duplicate(latest.task.id) : .conflict(latest.task.id)
            }
        }
        guard rows[task.id] == nil else { throw StoreError(.conflict, "The task \(task.id) is recorded already.") }
        rows[task.id] = LedgerEntry(task: task, status: .queued)
        return .recorded
    }

    public func markPublished(_ id: CorrelationID) async throws {
        try check()
        if rows[id]?.publishedAt == nil { rows[id]?.publishedAt = clock() }
    }

    public func reject(_ id: CorrelationID, failure reason: TaskFailure) async throws {
        try check()
        guard let row = rows[id], row.status == .queued, row.publishedAt == nil else { return }
        rows[id]?.status = .rejected
        rows[id]?.failure = reason
        rows[id]?.finishedAt = clock()
    }

    public func unpublished(before date: Date, limit: Int) async throws -> [AnswerTask] {
        try check()
        let open = rows.values.filter { $0.status == .queued && $0.publishedAt == nil && $0.task.createdAt < date }
        return Array(open.map(\.task).sorted { $0.createdAt < $1.createdAt }.prefix(limit))
    }

    public func beginAttempt(_ id: CorrelationID) async throws -> AttemptOutcome {
        try check()
        guard var row = rows[id] else { return .unknown }
        let events = written[id] ?? []
        if row.status.isTerminal {
            if let last = events.last, last.isTerminal { return .finished(last) }
            let reason = TaskFailure(.notPublished, "The question was rejected.")
            return .finished(
                ReplyEvent(
                    correlationID: id, attempt: row.attempt, sequence: row.lastSequence + 1, kind: .failed(reason)))
        }
        row.attempt += 1
        row.status = .running
        row.startedAt = clock()
        rows[id] = row
        let answer = Answer(events)
        return .began(
            Attempt(
                number: row.attempt, nextSequence: row.lastSequence + 1, text: answer.text, retrieval: answer.retrieval)
        )
    }

    public func append(_ events: [ReplyEvent]) async throws -> AppendOutcome {
        try check()
        let (savedRows, savedEvents) = (rows, written)
        do {
            var outcome = AppendOutcome.appended(isCancellationRequested: false)
            for event in events {
                outcome = try append(event)
                guard outcome != .stale else {
                    (rows, written) = (savedRows, savedEvents)
                    return .stale
                }
            }
            return outcome
        } catch {
            (rows, written) = (savedRows, savedEvents)
            throw error
        }
    }

    public func events(of id: CorrelationID, after sequence: Int, limit: Int) async throws -> [ReplyEvent] {
        try check()
        return Array((written[id] ?? []).filter { $0.sequence > sequence }.prefix(limit))
    }

    public func entry(_ id: CorrelationID) async throws -> LedgerEntry? {
        try check()
        return rows[id]
    }

    public func entries(
        status: TaskStatus?,
        project: ProjectID?,
        before: Date?,
        limit: Int
    ) async throws -> [LedgerEntry] {
        try check()
        let matching = rows.values.filter { row in
            (status == nil || row.status == status) && (project == nil || row.task.question.projectID == project)
                && (before.map { row.task.createdAt.timeIntervalSince1970 < $0.timeIntervalSince1970 } ?? true)
        }
        let ordered = matching.sorted { left, right in
            left.task.createdAt != right.task.createdAt
                ? left.task.createdAt > right.task.createdAt : left.task.id.rawValue > right.task.id.rawValue
        }
        return Array(ordered.prefix(limit))
    }

    public func requestCancellation(_ id: CorrelationID) async throws -> CancellationOutcome {
        try check()
        guard let row = rows[id] else { return .unknown }
        switch row.status {
        case .queued:
            insert(
                ReplyEvent(correlationID: id, attempt: row.attempt, sequence: row.lastSequence + 1, kind: .cancelled))
            return .cancelled
        case .running:
            rows[id]?.isCancellationRequested = true
            return .requested
        case .completed, .failed, .cancelled, .rejected:
            return .alreadyFinished
        }
    }

    public func reopen(_ id: CorrelationID) async throws -> Bool {
        try check()
        guard var row = rows[id], row.status == .failed else { return false }
        written[id]?.removeLast()
        row.status = .queued
        row.lastSequence -= 1
        row.failure = nil
        row.finishedAt = nil
        row.isCancellationRequested = false
        rows[id] = row
        return true
    }

    public func throughput(since date: Date) async throws -> Throughput {
        try check()
        let seconds = rows.values.compactMap { row -> Double? in
            guard row.status == .completed || row.status == .failed, let began = row.startedAt,
                let ended = row.finishedAt, ended >= date
            else { return nil }
            return ended.timeIntervalSince(began)
        }
        let mean = seconds.isEmpty ? 0 : seconds.reduce(0, +) / Double(seconds.count)
        return Throughput(finished: seconds.count, meanServiceSeconds: mean)
    }

    public func prune(finishedBefore date: Date, limit: Int) async throws -> Int {
        try check()
        let old = rows.values.filter { $0.status.isTerminal && ($0.finishedAt ?? .distantFuture) < date }
            .sorted { ($0.finishedAt ?? .distantPast) < ($1.finishedAt ?? .distantPast) }.prefix(limit)
        for row in old { remove(row.task.id) }
        return old.count
    }

    public func unfinished(in scope: ErasureScope) async throws -> [CorrelationID] {
        try check()
        return rows.values.filter { !$0.status.isTerminal && $0.task.question.belongs(to: scope) }.map(\.task.id)
    }

    public func erase(_ scope: ErasureScope) async throws {
        try check()
        for row in rows.values where row.status.isTerminal && row.task.question.belongs(to: scope) {
            remove(row.task.id)
        }
    }

    private func remove(_ id: CorrelationID) {
        rows[id] = nil
        written[id] = nil
    }

    private func check() throws { if let failure { throw failure } }

    private func append(_ event: ReplyEvent) throws -> AppendOutcome {
        guard let row = rows[event.correlationID] else {
            throw StoreError(.notFound, "The ledger does not know \(event.correlationID).")
        }
        guard row.attempt == event.attempt else { return .stale }
        if event.sequence <= row.lastSequence {
            let known = written[event.correlationID]?.first { $0.sequence == event.sequence }
            guard known?.attempt == event.attempt else { return .stale }
            return .appended(isCancellationRequested: row.isCancellationRequested)
        }
        guard row.status == .running else { return .stale }
        guard event.sequence == row.lastSequence + 1 else {
            throw StoreError(.conflict, "Event \(event.sequence) does not follow \(row.lastSequence).")
        }
        insert(event)
        return .appended(isCancellationRequested: row.isCancellationRequested)
    }

    private func insert(_ event: ReplyEvent) {
        written[event.correlationID, default: []].append(event)
        rows[event.correlationID]?.lastSequence = event.sequence
        switch event.kind {
        case .completed: end(event.correlationID, .completed)
        case .failed(let reason):
            end(event.correlationID, .failed)
            rows[event.correlationID]?.failure = reason
        case .cancelled: end(event.correlationID, .cancelled)
        case .retrieved, .text, .restarted: break
        }
    }

    private func end(_ id: CorrelationID, _ status: TaskStatus) {
        rows[id]?.status = status
        rows[id]?.finishedAt = clock()
    }
}

extension Question {
    fileprivate func belongs(to scope: ErasureScope) -> Bool {
        switch scope {
        case .session(let id): sessionID == id
        case .project(let id): projectID == id
        }
    }
}
