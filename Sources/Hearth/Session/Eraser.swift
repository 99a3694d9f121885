/// Removes a project or a conversation from everywhere: timeline, archive, ledger and index.
///
/// A question that is being answered meanwhile stays, and is in the timeline when it ends.
public struct Eraser: Sendable {
    private let timeline: any Timeline
    private let ledger: any TaskLedger
    private let index: any PassageIndex

    public init(timeline: any Timeline, ledger: any TaskLedger, index: any PassageIndex) {
        self.timeline = timeline
        self.ledger = ledger
        self.index = index
    }

    /// Removes the project, its sessions, questions, passages and vectors. Its source is not touched.
    ///
    /// - Throws: ``StoreError``; what was removed by then stays removed, and doing it again removes the rest.
    public func erase(_ project: ProjectID) async throws {
        try await index.dropGenerations(of: project, except: nil)
        try await ledger.erase(project: project)
        // Last, so that who failed on the way still finds the project to remove.
        try await timeline.deleteProject(project)
    }

    /// Removes the conversation and its questions.
    ///
    /// - Throws: ``StoreError``; doing it again removes the rest.
    public func erase(_ session: SessionID) async throws {
        try await ledger.erase(session: session)
        try await timeline.deleteSession(session)
    }
}
