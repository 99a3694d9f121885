/// Removes a project or a conversation from everywhere: timeline, archive, ledger and index.
public struct Eraser: Sendable {
    private let timeline: any Timeline
    private let ledger: any TaskLedger
    private let index: any PassageIndex
    private let bus: any TaskBus
    private let patience: Duration

    /// - Parameter patience: how long a worker that is answering has time to stop.
    public init(
        timeline: any Timeline,
        ledger: any TaskLedger,
        index: any PassageIndex,
        bus: any TaskBus,
        patience: Duration = .seconds(5)
    ) {
        self.timeline = timeline
        self.ledger = ledger
        self.index = index
        self.bus = bus
        self.patience = patience
    }

    /// Removes the project, its sessions, questions, passages and vectors. Its source is not touched. Questions that are
    /// being answered are cancelled.
    ///
    /// - Throws: ``StoreError``; what was removed by then stays removed, and doing it again removes the rest. A `conflict` if
    ///   a worker does not stop.
    public func erase(_ project: ProjectID) async throws {
        let running = try await cancel(.project(project))
        try await index.dropGenerations(of: project, except: nil)
        try await ledger.erase(.project(project))
        try check(running)
        // Last, so that who failed on the way still finds the project to remove.
        try await timeline.deleteProject(project)
    }

    /// Removes the conversation and its questions. Those that are being answered are cancelled.
    ///
    /// - Throws: ``StoreError``; doing it again removes the rest. A `conflict` if a worker does not stop.
    public func erase(_ session: SessionID) async throws {
        let running = try await cancel(.session(session))
        try await ledger.erase(.session(session))
        try check(running)
        try await timeline.deleteSession(session)
    }

    /// Ends what waits, asks workers to stop, and waits until they have.
    ///
    /// - Returns: what is still being answered.
    private func cancel(_ scope: ErasureScope) async throws -> [CorrelationID] {
        let deadline = ContinuousClock.now + patience
        for id in try await ledger.unfinished(in: scope) {
            if try await ledger.requestCancellation(id) == .cancelled {
                _ = try await bus.cancel(id.rawValue, on: .answer)
            }
        }
        while true {
            let running = try await ledger.unfinished(in: scope)
            guard !running.isEmpty, ContinuousClock.now < deadline else { return running }
            try await Task.sleep(for: .milliseconds(50))
        }
    }

    private func check(_ running: [CorrelationID]) throws {
        guard let first = running.first else { return }
        throw StoreError(
            .conflict,
            "\(running.count) of its questions are still being answered (\(first)): their workers were asked to stop and do "
                + "not answer. Delete it again when they have ended.")
    }
}
