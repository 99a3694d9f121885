import Synchronization

@testable import Verify

/// A Hearth of a few values; what it was asked is kept.
final class FakeHearth: HearthAPI {
    private let log = Mutex<[String]>([])
    let past: PastAnswer?
    let found: [FoundPassage]
    let ingested: IngestState
    let messages: [TimelineEntry]
    /// What every question gets.
    let reply: Reply
    /// What becomes of an order to delete something: each of these once, the last for ever.
    private let creation: (any Error)?
    private let deletions: Mutex<[Result<Bool, VerifyError>]>

    init(
        past: PastAnswer? = nil,
        found: [FoundPassage] = [],
        ingested: IngestState = IngestState(listed: 0, changed: 0, deleted: 0, unchanged: 0),
        messages: [TimelineEntry] = [],
        reply: Reply = .refusal(status: 500, code: "", message: "away"),
        deletions: [Result<Bool, VerifyError>] = [.success(true)],
        creation: (any Error)? = nil
    ) {
        self.creation = creation
        (self.past, self.found, self.ingested) = (past, found, ingested)
        (self.messages, self.reply) = (messages, reply)
        self.deletions = Mutex(deletions)
    }

    var calls: [String] { log.withLock(\.self) }

    private func deletion() throws -> Bool {
        try deletions.withLock { $0.count > 1 ? $0.removeFirst() : $0[0] }.get()
    }

    private func note(_ call: String) { log.withLock { $0.append(call) } }

    func models() async throws -> [String] { [] }
    func createProject(_ id: String, source: String, passageLimit: Int?) async throws {
        note("create \(id)")
        if let creation { throw creation }
    }
    func source(of project: String) async throws -> String? { nil }
    func deleteProject(_ id: String) async throws -> Bool {
        note("delete \(id)")
        return try deletion()
    }
    func ingest(_ project: String) async throws -> IngestState { ingested }
    func search(
        _ project: String,
        query: String,
        limit: Int,
        pathPrefix: String?
    ) async throws -> [FoundPassage] { found }
    func ask(_ question: VerifyQuestion) async throws -> Reply {
        if let session = question.session { note("ask in \(session)") }
        return reply
    }
    func timeline(of session: String) async throws -> [TimelineEntry] { messages }
    func answer(_ correlationID: String) async throws -> PastAnswer? { past }
    func deleteSession(_ id: String) async throws -> Bool {
        note("delete \(id)")
        return try deletion()
    }
}
