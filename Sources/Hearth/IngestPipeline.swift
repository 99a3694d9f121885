public import Logging

/// Does a part of the work on one document: read, check, chunk, encode what is new, replace.
public struct IngestPipeline: Sendable {
    private let openStore: Reconciler.OpenStore
    private let timeline: any Timeline
    private let index: any PassageIndex
    private let encoders: Encoders
    private let indexer: DocumentIndexer

    public init(
        openStore: @escaping Reconciler.OpenStore,
        timeline: any Timeline,
        index: any PassageIndex,
        encoders: Encoders,
        logger: Logger
    ) {
        self.openStore = openStore
        self.timeline = timeline
        self.index = index
        self.encoders = encoders
        indexer = DocumentIndexer(index: index, logger: logger)
    }

    /// Brings the index up to date with the document as it is now, as far as the task goes. Doing it again changes nothing.
    ///
    /// - Throws: ``StoreError`` or ``EncoderError``.
    public func ingest(_ task: IngestTask) async throws -> IngestOutcome {
        guard let project = try await timeline.project(task.projectID) else { return .obsolete }
        do {
            let outcome = try await ingest(task, into: project)
            if try await timeline.project(project.id) != nil { return outcome }
            // Deleted meanwhile: what came after its index was dropped is nobody's.
            try await index.dropGenerations(of: project.id, except: nil)
            return .obsolete
        } catch {
            // A document of a project that was deleted meanwhile is no failure.
            guard try await timeline.project(project.id) == nil else { throw error }
            return .obsolete
        }
    }

    private func ingest(_ task: IngestTask, into project: Project) async throws -> IngestOutcome {
        let maker = try await encoders.maker(for: project)
        guard task.generation == maker.generation.name else { return .obsolete }
        let reference = try await index.prepare(maker.generation, of: project.id)
        let store = try openStore(project)
        let limit = project.settings.maximumDocumentBytes
        let before = try await index.document(task.path, in: reference)?.tag
        guard task.work != .removal, let document = try await store.read(task.path, limit: limit) else {
            try await index.remove([task.path], from: reference)
            return .removed
        }
        let prepared = try await indexer.prepare(
            document, with: task.work == .words ? .known : .all, by: maker, in: reference)
        // Vectors take long. What somebody else has written meanwhile is later than what was read here.
        if task.work == .vectors, try await index.document(task.path, in: reference)?.tag != before { return .obsolete }
        return try await indexer.write(prepared, in: reference)
    }
}
