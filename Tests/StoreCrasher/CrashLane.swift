package import Backends
import FoundationEssentials
package import Hearth

/// The steps that a gateway and a worker take, each reported once it was acknowledged.
package struct CrashLane: Sendable {
    /// How many work beside each other in one process.
    package static let count = 4
    private static let pieces = 10

    package let bus: SQLiteTaskBus
    package let ledger: SQLiteTaskLedger
    private let report: @Sendable (String) -> Void

    package init(_ store: SQLiteStore, report: @escaping @Sendable (String) -> Void) throws {
        bus = try SQLiteTaskBus(store)
        ledger = SQLiteTaskLedger(store)
        self.report = report
    }

    /// What the answer must be, whoever writes it.
    package static func text(of id: CorrelationID) -> String {
        (1...pieces).map { piece($0, of: id) }.joined()
    }

    private static func piece(_ number: Int, of id: CorrelationID) -> String { "\(id) \(number)\n" }

    package func ask(key: String) async throws {
        let task = AnswerTask(
            id: .next(), question: Question(projectID: nil, sessionID: .next(), messages: [], model: "m"),
            replyTo: .unique(), owner: "local", deadline: Date().addingTimeInterval(600))
        _ = try await ledger.record(task, deduplicatingWithin: 0)
        report("recorded \(task.id)")
        try await publish(task, key: key)
        report("published \(task.id)")
    }

    /// Publishing twice is publishing once.
    package func publish(_ task: AnswerTask, key: String?) async throws {
        try await bus.publish([
            TaskMessage(
                id: task.id.rawValue, topic: .answer, priority: .interactive, orderingKey: key,
                payload: try TaskCoding.encode(task))
        ])
        try await ledger.markPublished(task.id)
    }

    /// Takes one task and goes on where an earlier attempt has stopped.
    package func answerOne() async throws -> TaskDelivery {
        let delivery = try await bus.claim(.answer)
        let task = try TaskCoding.decode(AnswerTask.self, from: delivery.message.payload)
        report("claimed \(task.id)")
        if case .began(let attempt) = try await ledger.beginAttempt(task.id) {
            try await write(task.id, attempt: attempt)
        }
        try await bus.settle(delivery, as: .done)
        report("done \(task.id)")
        return delivery
    }

    private func write(_ id: CorrelationID, attempt: Attempt) async throws {
        let kinds =
            (1...Self.pieces).map { ReplyEvent.Kind.text(Self.piece($0, of: id)) } + [
                .completed(
                    AnswerSummary(finishReason: .stop, usage: TokenUsage(prompt: 1, completion: 1), generator: "g"))
            ]
        for sequence in attempt.nextSequence...kinds.count {
            let event = ReplyEvent(
                correlationID: id, attempt: attempt.number, sequence: sequence, kind: kinds[sequence - 1])
            guard case .appended = try await ledger.append([event]) else { return }
            report("wrote \(id) \(sequence)")
        }
    }
}
