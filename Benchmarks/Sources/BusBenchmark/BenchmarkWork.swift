import Backends
import Foundation
import Hearth

/// One piece of work that is repeated and measured.
protocol BenchmarkWork: Sendable {
    /// Prepares a fresh store for it.
    init(_ store: SQLiteStore) async throws
    func perform(lane: Int, number: Int) async throws
}

/// A task of a question's usual size.
private func message(_ id: String) -> TaskMessage {
    TaskMessage(id: id, topic: .answer, priority: .interactive, payload: Data(repeating: 0x61, count: 1_000))
}

/// A task's whole life on the bus.
struct TaskWork: BenchmarkWork {
    private let bus: SQLiteTaskBus

    init(_ store: SQLiteStore) throws { bus = try SQLiteTaskBus(store) }

    func perform(lane: Int, number: Int) async throws {
        try await bus.publish([message("\(lane)-\(number)")])
        try await bus.settle(try await bus.claim(.answer), as: .done)
    }
}

/// What a gateway waits for before it may say that a question is accepted.
struct PublishWork: BenchmarkWork {
    private let bus: SQLiteTaskBus

    init(_ store: SQLiteStore) throws { bus = try SQLiteTaskBus(store) }

    func perform(lane: Int, number: Int) async throws { try await bus.publish([message("\(lane)-\(number)")]) }
}

/// One piece of text of one answer a lane.
struct AppendWork: BenchmarkWork {
    private let ledger: SQLiteTaskLedger
    private let ids: [CorrelationID]

    init(_ store: SQLiteStore) async throws {
        ledger = SQLiteTaskLedger(store)
        var ids: [CorrelationID] = []
        for _ in 0..<32 {
            let task = AnswerTask(
                id: .next(), question: Question(projectID: nil, sessionID: .next(), messages: [], model: "m"),
                replyTo: .unique(), owner: "local", deadline: Date())
            _ = try await ledger.record(task, deduplicatingWithin: 0)
            _ = try await ledger.beginAttempt(task.id)
            ids.append(task.id)
        }
        self.ids = ids
    }

    func perform(lane: Int, number: Int) async throws {
        let text = "a piece of an answer, some words long"
        let event = ReplyEvent(correlationID: ids[lane], attempt: 1, sequence: number + 1, kind: .text(text))
        _ = try await ledger.append([event])
    }
}

/// What admission asks for with every question.
struct BacklogWork: BenchmarkWork {
    private let bus: SQLiteTaskBus

    init(_ store: SQLiteStore) async throws {
        bus = try SQLiteTaskBus(store)
        try await bus.publish((0..<10_000).map { message("\($0)") })
    }

    func perform(lane: Int, number: Int) async throws { _ = try await bus.backlog(of: .answer) }
}

/// Finding the next task among many.
struct HandBackWork: BenchmarkWork {
    private let bus: SQLiteTaskBus

    init(_ store: SQLiteStore) async throws {
        bus = try SQLiteTaskBus(store)
        try await bus.publish((0..<10_000).map { message("\($0)") })
    }

    func perform(lane: Int, number: Int) async throws {
        try await bus.settle(try await bus.claim(.answer), as: .abandoned)
    }
}
