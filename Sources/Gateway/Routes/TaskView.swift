import FoundationEssentials
import Hearth

/// A question and its state, as `/v1/tasks` shows them.
struct TaskView: Encodable, Sendable {
    private struct Failure: Encodable, Sendable {
        let code: String
        let message: String
    }

    private let object = "task"
    private let id: CorrelationID
    private let status: TaskStatus
    private let model: String
    private let project: ProjectID?
    private let sessionID: SessionID
    private let owner: String
    private let question: String
    private let attempt: Int
    private let lastSequence: Int
    private let isCancellationRequested: Bool
    private let createdAt: Date
    private let startedAt: Date?
    private let finishedAt: Date?
    private let failure: Failure?
    private let text: String?
    private let finishReason: FinishReason?
    private let report: AnswerReport?

    enum CodingKeys: String, CodingKey {
        case object, id, status, model, project, owner, question, attempt, failure, text
        case sessionID = "session_id"
        case lastSequence = "last_sequence"
        case isCancellationRequested = "cancellation_requested"
        case createdAt = "created_at"
        case startedAt = "started_at"
        case finishedAt = "finished_at"
        case finishReason = "finish_reason"
        case report = "hearth"
    }

    /// - Parameter answer: what is there of it; `nil` leaves it out.
    init(_ entry: LedgerEntry, answer: Answer?) {
        let task = entry.task
        id = task.id
        status = entry.status
        model = task.question.model
        project = task.question.projectID
        sessionID = task.question.sessionID
        owner = task.owner
        question = String(task.question.text.prefix(answer == nil ? 200 : .max))
        attempt = entry.attempt
        lastSequence = entry.lastSequence
        isCancellationRequested = entry.isCancellationRequested
        createdAt = task.createdAt
        startedAt = entry.startedAt
        finishedAt = entry.finishedAt
        failure = entry.failure.map { Failure(code: $0.code.rawValue, message: $0.message) }
        text = answer?.text
        finishReason = answer?.summary?.finishReason
        report = answer.map { AnswerReport($0, id: task.id, question: task.question, withTexts: true) }
    }
}

/// One event of an answer, as `/v1/tasks/{id}/events` shows it.
struct EventView: Encodable, Sendable {
    private let event: ReplyEvent
    private let task: AnswerTask

    init(_ event: ReplyEvent, task: AnswerTask) {
        self.event = event
        self.task = task
    }

    private enum CodingKeys: String, CodingKey {
        case type, text, passages, citations, usage, generator, error, encoder, generation
        case correlationID = "correlation_id"
        case sequence = "sequence_number"
        case attempt
        case finishReason = "finish_reason"
        case lexicalOnly = "lexical_only"
        case removedMarkers = "removed_markers"
        case stageSeconds = "stage_seconds"
    }

    func encode(to encoder: any Swift.Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(event.correlationID, forKey: .correlationID)
        try container.encode(event.sequence, forKey: .sequence)
        try container.encode(event.attempt, forKey: .attempt)
        let project = task.question.projectID
        switch event.kind {
        case .retrieved(let report):
            try container.encode("retrieved", forKey: .type)
            try container.encode(report.encoder, forKey: .encoder)
            try container.encodeIfPresent(report.generation, forKey: .generation)
            try container.encodeIfPresent(report.lexicalOnly, forKey: .lexicalOnly)
            try container.encode(
                report.passages.enumerated().map { AnswerReport.Place($1, number: $0 + 1, project: project) },
                forKey: .passages)
        case .text(let text):
            try container.encode("text", forKey: .type)
            try container.encode(text, forKey: .text)
        case .restarted:
            try container.encode("restarted", forKey: .type)
        case .completed(let summary):
            try container.encode("completed", forKey: .type)
            try container.encode(summary.finishReason, forKey: .finishReason)
            try container.encode(
                [
                    "prompt_tokens": summary.usage.prompt, "completion_tokens": summary.usage.completion,
                    "total_tokens": summary.usage.total,
                ],
                forKey: .usage)
            try container.encode(
                summary.citations.map { AnswerReport.Place($0.passage, number: $0.number, project: project) },
                forKey: .citations)
            try container.encode(summary.removedMarkers, forKey: .removedMarkers)
            try container.encode(summary.generator, forKey: .generator)
            try container.encode(summary.stageSeconds, forKey: .stageSeconds)
        case .failed(let failure):
            try container.encode("failed", forKey: .type)
            try container.encode(["code": failure.code.rawValue, "message": failure.message], forKey: .error)
        case .cancelled:
            try container.encode("cancelled", forKey: .type)
        }
    }
}
