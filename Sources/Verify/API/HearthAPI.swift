/// What the verifier asks of a running Hearth: its public API and nothing else.
///
/// All methods throw ``VerifyError``.
public protocol HearthAPI: Sendable {
    /// The names of everything that can be asked.
    func models() async throws -> [String]
    /// Makes a project of a folder or bucket that the server can read.
    func createProject(_ id: String, source: String, passageLimit: Int?) async throws
    /// The source of a project; `nil` if there is no such project.
    func source(of project: String) async throws -> String?
    /// Deletes a project with everything that was made of it and asked about it; says whether there was one.
    func deleteProject(_ id: String) async throws -> Bool
    /// Compares a project with its source, and says what is left to do.
    func ingest(_ project: String) async throws -> IngestState
    /// What retrieval finds, the best first, without an answer.
    func search(_ project: String, query: String, limit: Int, pathPrefix: String?) async throws -> [FoundPassage]
    /// An answer, or the server's refusal.
    func ask(_ question: VerifyQuestion) async throws -> Reply
    /// The messages of a conversation; none if there is none of that name.
    func timeline(of session: String) async throws -> [TimelineEntry]
    /// An answer of before by its correlation id; `nil` if there is none.
    func answer(_ correlationID: String) async throws -> PastAnswer?
    /// Removes a conversation that belongs to no project; says whether there was one.
    func deleteSession(_ id: String) async throws -> Bool
}
