public import FoundationEssentials

/// A timeline that reads through all tiers: what its storage holds, and what is in the archive.
public struct ArchivedTimeline: Timeline {
    private let storage: any TimelineStorage
    private let archiver: Archiver
    private let patience: Duration

    /// - Parameter patience: how long whoever reads or deletes waits for an archive that does not answer.
    public init(_ storage: any TimelineStorage, archiver: Archiver, patience: Duration = .seconds(20)) {
        self.storage = storage
        self.archiver = archiver
        self.patience = patience
    }

    public func save(_ project: Project) async throws { try await storage.save(project) }
    public func project(_ id: ProjectID) async throws -> Project? { try await storage.project(id) }
    public func projects() async throws -> [Project] { try await storage.projects() }
    public func session(_ id: SessionID) async throws -> Session? { try await storage.session(id) }

    public func session(continuing head: String) async throws -> Session? {
        try await storage.session(continuing: head)
    }

    public func sessions(in project: ProjectID?, before: Date?, limit: Int) async throws -> [Session] {
        try await storage.sessions(in: project, before: before, limit: limit)
    }

    public func append(_ messages: [Message], to session: Session) async throws {
        try await storage.append(messages, to: session)
    }

    /// Removes the project with what the archive has of it. If the archive does not answer, its part is removed by the
    /// next heat run.
    public func deleteProject(_ id: ProjectID) async throws {
        try await storage.deleteProject(id)
        await archiver.mendNow(within: patience)
    }

    /// Removes the session with what the archive has of it. If the archive does not answer, its part is removed by the next
    /// heat run.
    public func deleteSession(_ id: SessionID) async throws {
        let isArchived = try await !storage.page(of: id, before: nil, limit: 0).parts.isEmpty
        try await storage.deleteSession(id)
        if isArchived { await archiver.mendNow(within: patience) }
    }

    public func messages(in session: SessionID, before: Date?, limit: Int) async throws -> [Message] {
        do {
            return try await read(session, before: before, limit: limit)
        } catch let error as StoreError where error.code == .notFound {
            // An object that was written anew meanwhile: the manifest knows the other one by now.
            return try await read(session, before: before, limit: limit)
        }
    }

    private func read(_ session: SessionID, before: Date?, limit: Int) async throws -> [Message] {
        let page = try await storage.page(of: session, before: before, limit: limit)
        guard !page.parts.isEmpty else { return page.messages }
        let sources = page.parts.map { part in
            MessageSource(oldest: part.oldest, newest: part.newest) {
                try await archiver.patiently(patience) { try await archiver.messages(of: part) }
            }
        }
        return try await page.messages.page(with: sources, before: before, limit: limit)
    }
}
