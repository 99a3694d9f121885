import FoundationEssentials
public import Hearth
import Testing

/// What every ``TaskLedger`` does. Each of the ``behaviours`` is run against a fresh ledger.
public struct TaskLedgerConformance: Sendable {
    private let ledger: any TaskLedger

    /// - Parameter ledger: fresh and empty.
    public init(_ ledger: any TaskLedger) { self.ledger = ledger }

    private func task(key: String? = nil, body: String = "body", at date: Date = Date()) -> AnswerTask {
        AnswerTask(
            id: .next(at: date),
            question: Question(
                projectID: ProjectID(rawValue: "demo"), sessionID: .next(),
                messages: [ChatMessage(role: .user, content: "why?")], model: "hearth/demo"),
            replyTo: .unique(), owner: "local", createdAt: date, deadline: date.addingTimeInterval(600),
            deduplication: key.map { Deduplication(key: $0, bodyHash: body) })
    }

    private func begin(_ task: AnswerTask) async throws -> Attempt {
        guard case .began(let attempt) = try await ledger.beginAttempt(task.id) else {
            throw StoreError(.conflict, "expected an attempt")
        }
        return attempt
    }

    private func event(_ task: AnswerTask, _ attempt: Int, _ sequence: Int, _ kind: ReplyEvent.Kind) -> ReplyEvent {
        ReplyEvent(correlationID: task.id, attempt: attempt, sequence: sequence, kind: kind)
    }

    private let completed = ReplyEvent.Kind.completed(
        AnswerSummary(finishReason: .stop, usage: TokenUsage(prompt: 1, completion: 2), generator: "g"))
    private let going = AppendOutcome.appended(isCancellationRequested: false)

    /// A question goes from queued over running to completed, and its events are read back as written.
    public func livesItsLife() async throws {
        let task = task()
        #expect(try await ledger.record(task, deduplicatingWithin: 60) == .recorded)
        #expect(try await ledger.entry(task.id)?.status == .queued)
        try await ledger.markPublished(task.id)
        let attempt = try await begin(task)
        #expect(attempt == Attempt(number: 1))
        let events = [
            event(
                task, 1, 1, .retrieved(RetrievalReport(passages: [], promptHash: "h", encoder: "e", generation: nil))),
            event(task, 1, 2, .text("Grüße 🔥")), event(task, 1, 3, completed),
        ]
        for event in events { #expect(try await ledger.append([event]) == going) }
        let entry = try #require(try await ledger.entry(task.id))
        #expect(entry.status == .completed && entry.attempt == 1 && entry.lastSequence == 3)
        #expect(entry.task == task && entry.publishedAt != nil && entry.startedAt != nil && entry.finishedAt != nil)
        #expect(try await ledger.events(of: task.id, after: 0, limit: 100) == events)
        #expect(try await ledger.events(of: task.id, after: 1, limit: 1) == [events[1]])
        guard case .finished(let last) = try await ledger.beginAttempt(task.id) else {
            Issue.record("expected a finished task")
            return
        }
        #expect(last == events[2])
    }

    /// A later attempt finds what the one before wrote, and fences it out.
    public func fencesOldAttempts() async throws {
        let task = task()
        _ = try await ledger.record(task, deduplicatingWithin: 60)
        _ = try await begin(task)
        _ = try await ledger.append([event(task, 1, 1, .text("one ")), event(task, 1, 2, .text("two"))])
        let second = try await begin(task)
        #expect(second == Attempt(number: 2, nextSequence: 3, text: "one two"))
        #expect(try await ledger.append([event(task, 1, 3, .text("late"))]) == .stale)
        #expect(try await ledger.append([event(task, 2, 3, .restarted)]) == going)
        #expect(try await begin(task).text == "")
        #expect(try await ledger.events(of: task.id, after: 2, limit: 9).map(\.kind) == [.restarted])
    }

    /// What comes before a restart is void; what retrieval found is kept.
    public func continuesAfterARestart() async throws {
        let task = task()
        let report = RetrievalReport(passages: [], promptHash: "h", encoder: "e", generation: nil)
        _ = try await ledger.record(task, deduplicatingWithin: 60)
        _ = try await begin(task)
        _ = try await ledger.append([event(task, 1, 1, .retrieved(report)), event(task, 1, 2, .text("void"))])
        _ = try await begin(task)
        _ = try await ledger.append([
            event(task, 2, 3, .restarted), event(task, 2, 4, .text("a")), event(task, 2, 5, .text("b")),
        ])
        #expect(try await begin(task) == Attempt(number: 3, nextSequence: 6, text: "ab", retrieval: report))
    }

    /// Attempts that begin at the same time get a number each, and only the last of them may write.
    public func numbersAttempts() async throws {
        let (ledger, task) = (ledger, task())
        _ = try await ledger.record(task, deduplicatingWithin: 60)
        let numbers = try await withThrowingTaskGroup(of: Int.self) { group in
            for _ in 0..<8 {
                group.addTask {
                    guard case .began(let attempt) = try await ledger.beginAttempt(task.id) else { return 0 }
                    return attempt.number
                }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(numbers.sorted() == Array(1...8))
        #expect(try await ledger.append([event(task, 7, 1, .text("old"))]) == .stale)
        #expect(try await ledger.append([event(task, 8, 1, .text("new"))]) == going)
    }

    /// What was rejected may be asked again under the same key.
    public func forgetsTheRejected() async throws {
        let first = task(key: "k")
        _ = try await ledger.record(first, deduplicatingWithin: 60)
        try await ledger.reject(first.id, failure: TaskFailure(.notPublished, "no bus"))
        #expect(try await ledger.record(task(key: "k"), deduplicatingWithin: 60) == .recorded)
    }

    /// Writing the same event again changes nothing; a gap is refused; after the end nothing is added.
    public func keepsSequence() async throws {
        let task = task()
        _ = try await ledger.record(task, deduplicatingWithin: 60)
        _ = try await begin(task)
        let first = event(task, 1, 1, .text("x"))
        #expect(try await ledger.append([first]) == going)
        #expect(try await ledger.append([first]) == going)
        await #expect(throws: StoreError.self) { try await ledger.append([event(task, 1, 3, .text("gap"))]) }
        #expect(try await ledger.append([event(task, 1, 2, completed)]) == going)
        #expect(try await ledger.append([event(task, 1, 3, .text("after"))]) == .stale)
        #expect(try await ledger.events(of: task.id, after: 0, limit: 9).count == 2)
    }

    /// Several events are added all or none.
    public func appendsAllOrNone() async throws {
        let task = task()
        _ = try await ledger.record(task, deduplicatingWithin: 60)
        _ = try await begin(task)
        await #expect(throws: StoreError.self) {
            try await ledger.append([event(task, 1, 1, .text("a")), event(task, 1, 3, .text("gap"))])
        }
        #expect(try await ledger.events(of: task.id, after: 0, limit: 9).isEmpty)
    }

    /// The same key and body is the same request, for a while; another body is a conflict.
    public func findsRepetitions() async throws {
        let now = Date()
        let first = task(key: "k", at: now)
        #expect(try await ledger.record(first, deduplicatingWithin: 60) == .recorded)
        #expect(try await ledger.record(task(key: "k"), deduplicatingWithin: 60) == .duplicate(first.id))
        #expect(try await ledger.record(task(key: "k", body: "other"), deduplicatingWithin: 60) == .conflict(first.id))
        #expect(try await ledger.record(task(key: "other"), deduplicatingWithin: 60) == .recorded)
        #expect(try await ledger.record(task(), deduplicatingWithin: 60) == .recorded)
        let later = task(key: "k", at: now.addingTimeInterval(120))
        #expect(try await ledger.record(later, deduplicatingWithin: 60) == .recorded)
    }

    /// An id stands for one task: a second one under it is refused, and the first is left as it is.
    public func keepsIDsApart() async throws {
        let first = task()
        _ = try await ledger.record(first, deduplicatingWithin: 60)
        let error = await #expect(throws: StoreError.self) { try await ledger.record(first, deduplicatingWithin: 60) }
        #expect(error?.code == .conflict)
        #expect(try await ledger.entry(first.id)?.task == first)
    }

    /// What nobody published is found again; what was rejected is not, and cannot be begun.
    public func remembersTheUnpublished() async throws {
        let (lost, published, rejected) = (task(), task(), task())
        for task in [lost, published, rejected] { _ = try await ledger.record(task, deduplicatingWithin: 60) }
        try await ledger.markPublished(published.id)
        try await ledger.reject(rejected.id, failure: TaskFailure(.notPublished, "no bus"))
        try await ledger.reject(published.id, failure: TaskFailure(.notPublished, "too late"))
        #expect(try await ledger.unpublished(before: Date().addingTimeInterval(5), limit: 9) == [lost])
        #expect(try await ledger.unpublished(before: Date().addingTimeInterval(-60), limit: 9).isEmpty)
        #expect(try await ledger.entry(rejected.id)?.status == .rejected)
        #expect(try await ledger.entry(published.id)?.status == .queued)
        guard case .finished = try await ledger.beginAttempt(rejected.id) else {
            Issue.record("a rejected task was begun")
            return
        }
    }

    /// A queued task ends at once, a running one is asked to stop.
    public func cancels() async throws {
        let (queued, running) = (task(), task())
        for task in [queued, running] { _ = try await ledger.record(task, deduplicatingWithin: 60) }
        _ = try await begin(running)
        #expect(try await ledger.requestCancellation(queued.id) == .cancelled)
        #expect(try await ledger.entry(queued.id)?.status == .cancelled)
        #expect(try await ledger.requestCancellation(queued.id) == .alreadyFinished)
        #expect(try await ledger.requestCancellation(running.id) == .requested)
        #expect(
            try await ledger.append([event(running, 1, 1, .text("x"))]) == .appended(isCancellationRequested: true))
        #expect(try await ledger.append([event(running, 1, 2, .cancelled)]) == .appended(isCancellationRequested: true))
        #expect(try await ledger.entry(running.id)?.status == .cancelled)
        #expect(try await ledger.requestCancellation(.next()) == .unknown)
    }

    /// A failed task can be opened again; its failure is taken back.
    public func reopens() async throws {
        let task = task()
        _ = try await ledger.record(task, deduplicatingWithin: 60)
        _ = try await begin(task)
        _ = try await ledger.append([event(task, 1, 1, .text("x"))])
        #expect(try await ledger.reopen(task.id) == false)
        _ = try await ledger.append([event(task, 1, 2, .failed(TaskFailure(.internalError, "boom")))])
        #expect(try await ledger.entry(task.id)?.failure?.message == "boom")
        #expect(try await ledger.reopen(task.id))
        #expect(try await ledger.entry(task.id)?.status == .queued)
        #expect(try await begin(task) == Attempt(number: 2, nextSequence: 2, text: "x"))
    }

    /// Lists are the latest first, by page, by state and by project; the rate counts what finished.
    public func lists() async throws {
        let tasks = (0..<5).map { task(at: Date(timeIntervalSince1970: 1_700_000_000 + Double($0))) }
        for task in tasks { _ = try await ledger.record(task, deduplicatingWithin: 60) }
        _ = try await begin(tasks[0])
        _ = try await ledger.append([event(tasks[0], 1, 1, completed)])
        func ids(_ status: TaskStatus?, _ project: String?, before: Date? = nil, limit: Int = 9) async throws
            -> [CorrelationID]
        {
            try await ledger.entries(
                status: status, project: project.flatMap(ProjectID.init(rawValue:)), before: before, limit: limit
            ).map(\.task.id)
        }
        #expect(try await ids(nil, nil) == tasks.reversed().map(\.id))
        #expect(try await ids(nil, "demo", before: tasks[2].createdAt) == [tasks[1].id, tasks[0].id])
        #expect(try await ids(.completed, nil) == [tasks[0].id])
        #expect(try await ids(nil, "other").isEmpty)
        #expect(try await ids(nil, nil, limit: 2).count == 2)
        #expect(try await ledger.throughput(since: Date(timeIntervalSince1970: 0)).finished == 1)
        #expect(try await ledger.throughput(since: Date().addingTimeInterval(3600)).finished == 0)
    }

    /// What has ended is removed when it is old enough, the oldest first; what has not stays.
    public func prunes() async throws {
        let tasks = (0..<4).map { task(at: Date(timeIntervalSinceNow: Double($0))) }
        for task in tasks { _ = try await ledger.record(task, deduplicatingWithin: 0) }
        for task in tasks.prefix(3) {
            _ = try await begin(task)
            _ = try await ledger.append([event(task, 1, 1, .text("a")), event(task, 1, 2, completed)])
        }
        #expect(try await ledger.prune(finishedBefore: Date(timeIntervalSince1970: 0), limit: 9) == 0)
        #expect(try await ledger.prune(finishedBefore: Date(timeIntervalSinceNow: 3_600), limit: 2) == 2)
        #expect(try await ledger.entry(tasks[0].id) == nil)
        #expect(try await ledger.events(of: tasks[0].id, after: 0, limit: 9).isEmpty)
        #expect(try await ledger.events(of: tasks[2].id, after: 0, limit: 9).count == 2)
        #expect(try await ledger.prune(finishedBefore: Date(timeIntervalSinceNow: 3_600), limit: 9) == 1)
        #expect(try await ledger.entry(tasks[3].id)?.status == .queued)
        // Its id is free again.
        #expect(try await ledger.record(tasks[0], deduplicatingWithin: 0) == .recorded)
    }

    /// What has ended of a session or a project is removed, and nothing else.
    public func erases() async throws {
        let tasks = (0..<3).map { _ in task() }
        for task in tasks { _ = try await ledger.record(task, deduplicatingWithin: 0) }
        for task in tasks.prefix(2) {
            _ = try await begin(task)
            _ = try await ledger.append([event(task, 1, 1, completed)])
        }
        #expect(try await ledger.unfinished(in: .session(tasks[0].question.sessionID)).isEmpty)
        #expect(try await ledger.unfinished(in: .session(tasks[2].question.sessionID)) == [tasks[2].id])
        #expect(
            try await ledger.unfinished(in: .project(try #require(tasks[2].question.projectID))) == [tasks[2].id])
        for task in tasks { try await ledger.erase(.session(task.question.sessionID)) }
        #expect(try await ledger.entry(tasks[0].id) == nil)
        #expect(try await ledger.events(of: tasks[1].id, after: 0, limit: 9).isEmpty)
        #expect(try await ledger.entry(tasks[2].id)?.status == .queued)
        #expect(try await ledger.requestCancellation(tasks[2].id) == .cancelled)
        try await ledger.erase(.project(try #require(ProjectID(rawValue: ["other"].joined()))))
        #expect(try await ledger.entry(tasks[2].id) != nil)
        try await ledger.erase(.project(try #require(tasks[2].question.projectID)))
        #expect(try await ledger.entry(tasks[2].id) == nil)
    }

    /// What was never recorded is unknown.
    public func knowsWhatItDoesNotKnow() async throws {
        guard case .unknown = try await ledger.beginAttempt(.next()) else {
            Issue.record("expected an unknown task")
            return
        }
        #expect(try await ledger.entry(.next()) == nil)
        #expect(try await ledger.events(of: .next(), after: 0, limit: 9).isEmpty)
        #expect(try await ledger.reopen(.next()) == false)
        await #expect(throws: StoreError.self) { try await ledger.append([event(task(), 1, 1, .text("x"))]) }
    }
}

extension TaskLedgerConformance {
    public static let behaviours: [Behaviour<TaskLedgerConformance>] = [
        Behaviour("livesItsLife") { try await $0.livesItsLife() },
        Behaviour("fencesOldAttempts") { try await $0.fencesOldAttempts() },
        Behaviour("continuesAfterARestart") { try await $0.continuesAfterARestart() },
        Behaviour("numbersAttempts") { try await $0.numbersAttempts() },
        Behaviour("forgetsTheRejected") { try await $0.forgetsTheRejected() },
        Behaviour("keepsSequence") { try await $0.keepsSequence() },
        Behaviour("appendsAllOrNone") { try await $0.appendsAllOrNone() },
        Behaviour("findsRepetitions") { try await $0.findsRepetitions() },
        Behaviour("keepsIDsApart") { try await $0.keepsIDsApart() },
        Behaviour("remembersTheUnpublished") { try await $0.remembersTheUnpublished() },
        Behaviour("cancels") { try await $0.cancels() },
        Behaviour("reopens") { try await $0.reopens() },
        Behaviour("lists") { try await $0.lists() },
        Behaviour("prunes") { try await $0.prunes() },
        Behaviour("erases") { try await $0.erases() },
        Behaviour("knowsWhatItDoesNotKnow") { try await $0.knowsWhatItDoesNotKnow() },
    ]
}
