public import FoundationEssentials

/// Keeps projects, sessions and what was said in them.
///
/// Every write is idempotent: a worker that repeats its last step after a crash changes nothing.
/// All methods throw ``StoreError``.
public protocol Timeline: Sendable {
    /// Creates the project or replaces its settings.
    func save(_ project: Project) async throws
    /// The project of that name, if there is one.
    func project(_ id: ProjectID) async throws -> Project?
    /// All projects, by name.
    func projects() async throws -> [Project]
    /// Removes the project, its sessions and their messages; not its passages, which the index keeps. As with
    /// ``deleteSession(_:)``, nothing comes back.
    func deleteProject(_ id: ProjectID) async throws

    /// The session of that id, if there is one.
    func session(_ id: SessionID) async throws -> Session?
    /// The latest session whose conversation ended with `head`.
    func session(continuing head: String) async throws -> Session?
    /// Sessions, the latest first. `before` is the `updatedAt` of the last one of the page before.
    func sessions(in project: ProjectID?, before: Date?, limit: Int) async throws -> [Session]
    /// Removes the session and its messages. What was said before and is appended only afterwards, by a worker that had not
    /// heard of it, is dropped.
    func deleteSession(_ id: SessionID) async throws

    /// Adds messages in order to the session, which is made if there is none of its id. Of one that is there already, only
    /// `updatedAt` moves, and `head` if the given one has any. A message whose id is there already is left as it is.
    func append(_ messages: [Message], to session: Session) async throws
    /// The last `limit` messages, or those before `before`, oldest first.
    func messages(in session: SessionID, before: Date?, limit: Int) async throws -> [Message]
}
