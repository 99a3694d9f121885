import FoundationEssentials
import Hearth

/// Decides what becomes of appends that are committed together: as if each had come alone, in this order.
///
/// Knows the rows of their answers, which are locked, and of the events before only what ``repeated(in:)`` asks for.
struct EventBatch {
    /// An answer's row.
    struct Answer {
        let createdAt: Date
        var status: TaskStatus
        let attempt: Int
        var lastSequence: Int
        let isCancellationRequested: Bool
        var failure: TaskFailure?
        var isChanged = false
    }

    struct Place: Hashable {
        let id: CorrelationID
        let sequence: Int
    }

    private(set) var answers: [CorrelationID: Answer]
    /// What is to be inserted.
    private(set) var events: [ReplyEvent] = []
    /// Which attempt wrote the event at a place.
    private var writers: [Place: Int] = [:]

    init(_ answers: [CorrelationID: Answer]) { self.answers = answers }

    /// The places of events that are in the table already, as far as the appends would write there again.
    func repeated(in appends: [[ReplyEvent]]) -> [Place] {
        appends.joined().compactMap { event in
            guard let answer = answers[event.correlationID], event.sequence <= answer.lastSequence else { return nil }
            return Place(id: event.correlationID, sequence: event.sequence)
        }
    }

    mutating func know(_ place: Place, writer attempt: Int) { writers[place] = attempt }

    /// Takes all of the events or none.
    mutating func add(_ events: [ReplyEvent]) -> Result<AppendOutcome, StoreError> {
        let before = self
        var isCancellationRequested = false
        for event in events {
            switch add(event) {
            case .success(.appended(let requested)): isCancellationRequested = requested
            case let outcome:
                self = before
                return outcome
            }
        }
        return .success(.appended(isCancellationRequested: isCancellationRequested))
    }

    private mutating func add(_ event: ReplyEvent) -> Result<AppendOutcome, StoreError> {
        let id = event.correlationID
        guard var answer = answers[id] else {
            return .failure(StoreError(.notFound, "The ledger does not know \(id)."))
        }
        let going = AppendOutcome.appended(isCancellationRequested: answer.isCancellationRequested)
        guard answer.attempt == event.attempt else { return .success(.stale) }
        if event.sequence <= answer.lastSequence {
            return .success(writers[Place(id: id, sequence: event.sequence)] == event.attempt ? going : .stale)
        }
        guard answer.status == .running else { return .success(.stale) }
        guard event.sequence == answer.lastSequence + 1 else {
            return .failure(
                StoreError(.conflict, "Event \(event.sequence) of \(id) does not follow \(answer.lastSequence)."))
        }
        answer.lastSequence = event.sequence
        answer.isChanged = true
        switch event.kind {
        case .completed: answer.status = .completed
        case .failed(let failure): (answer.status, answer.failure) = (.failed, failure)
        case .cancelled: answer.status = .cancelled
        case .retrieved, .text, .restarted: break
        }
        answers[id] = answer
        events.append(event)
        writers[Place(id: id, sequence: event.sequence)] = event.attempt
        return .success(going)
    }
}
