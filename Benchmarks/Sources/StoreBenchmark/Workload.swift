import Backends
import Foundation
import Hearth
import Synchronization

/// What workers write.
final class Workload: Sendable {
    private let ledger: PostgresTaskLedger
    private let timeline: PostgresTimeline
    /// The task that each lane writes events of, and the next number.
    private let open = Mutex<[Int: (AnswerTask, Int)]>([:])

    init(_ store: PostgresStore) {
        ledger = PostgresTaskLedger(store)
        timeline = PostgresTimeline(store)
    }

    private func task() -> AnswerTask {
        let question = Question(
            projectID: ProjectID(rawValue: "demo"), sessionID: .next(),
            messages: [ChatMessage(role: .user, content: "Where is the retry policy applied, and who calls it?")],
            model: "hearth/demo")
        return AnswerTask(
            id: .next(), question: question, replyTo: .unique(), owner: "local",
            deadline: Date(timeIntervalSinceNow: 600))
    }

    private func begun() async throws -> AnswerTask {
        let task = task()
        _ = try await ledger.record(task, deduplicatingWithin: 60)
        _ = try await ledger.beginAttempt(task.id)
        return task
    }

    /// One more event of the lane's answer; a fresh answer every 200 events.
    func append(lane: Int, number: Int) async throws {
        let (task, sequence): (AnswerTask, Int)
        if let last = open.withLock({ $0[lane] }), last.1 <= 200 {
            (task, sequence) = last
        } else {
            (task, sequence) = (try await begun(), 1)
        }
        let text = "and this is a piece of the answer, as long as what a model says in a fifth of a second. "
        _ = try await ledger.append([
            ReplyEvent(correlationID: task.id, attempt: 1, sequence: sequence, kind: .text(text))
        ])
        let next = (task, sequence + 1)
        open.withLock { $0[lane] = next }
    }

    /// All that one question writes.
    func question(lane: Int, number: Int) async throws {
        let task = task()
        _ = try await ledger.record(task, deduplicatingWithin: 60)
        try await ledger.markPublished(task.id)
        _ = try await ledger.beginAttempt(task.id)
        let summary = AnswerSummary(finishReason: .stop, usage: TokenUsage(prompt: 1, completion: 2), generator: "g")
        for (offset, kind) in [ReplyEvent.Kind.text("one"), .text("two"), .completed(summary)].enumerated() {
            _ = try await ledger.append([
                ReplyEvent(correlationID: task.id, attempt: 1, sequence: offset + 1, kind: kind)
            ])
        }
        try await timeline.append(
            Self.messages(of: task.question.sessionID, at: task.createdAt),
            to: Session(
                id: task.question.sessionID, projectID: task.question.projectID, title: "benchmark"))
    }

    func remember() async throws {
        let session = Session(id: .next(), projectID: ProjectID(rawValue: "demo"), title: "benchmark")
        try await timeline.append(Self.messages(of: session.id, at: session.createdAt), to: session)
    }

    /// A question and its answer, of the size that they have.
    private static func messages(of session: SessionID, at date: Date) -> [Message] {
        let id = CorrelationID.next(at: date)
        let project = ProjectID(rawValue: "demo")
        let answer = (0..<8).map {
            "Line \($0) says that `Retry\(id.rawValue.suffix(6))` is in Sources/File\($0).swift [\($0)]."
        }
        return [
            Message(
                id: "\(id)-question", sessionID: session, projectID: project, role: .user,
                text: "Where is the retry policy applied, and who calls it?", createdAt: date, correlationID: id),
            Message(
                id: "\(id)-answer", sessionID: session, projectID: project, role: .assistant,
                text: answer.joined(separator: "\n"), createdAt: date.addingTimeInterval(0.001), correlationID: id),
        ]
    }
}
