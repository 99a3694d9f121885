import AsyncHTTPClient
import Backends
import Hearth
import HearthTesting
import ScriptedModels
import Synchronization
import Testing

/// Ingestion and retrieval in one process, with a server of models beside it.
struct EncoderPlant: Sendable {
    /// What outlives a process.
    struct Stores: Sendable {
        let bus = MemoryTaskBus()
        let timeline = MemoryTimeline()
        let index: LocalPassageIndex
        let documents: MemoryDocumentStore
    }

    let stores: Stores
    let encoders: Encoders
    let reconciler: Reconciler
    let handler: IngestTaskHandler
    private let failures = Failures()
    let retriever: Retriever

    init(_ stores: Stores, encoders: Encoders) {
        (self.stores, self.encoders) = (stores, encoders)
        let documents = stores.documents
        reconciler = Reconciler(
            openStore: { _ in documents }, index: stores.index, timeline: stores.timeline, bus: stores.bus,
            encoders: encoders)
        let pipeline = IngestPipeline(
            openStore: { _ in documents }, timeline: stores.timeline, index: stores.index, encoders: encoders,
            logger: .test)
        let failures = failures
        handler = IngestTaskHandler(
            pipeline: pipeline, index: stores.index, bus: stores.bus, logger: .test,
            failed: { failures.add($1) })
        retriever = Retriever(encoders: encoders, index: stores.index, logger: .test)
    }

    /// Lends a plant whose encoders are hashed words and those of `models`.
    static func with(
        _ models: ScriptedModels,
        documents: [String: String] = ["a.swift": "func retry() { backoff *= 2 }\n", "b.md": "How mail is sent\n"],
        _ body: @escaping @Sendable (EncoderPlant, _ newProcess: @Sendable () -> EncoderPlant) async throws -> Void
    ) async throws {
        try await withTemporaryFolder { folder in
            try await models.withHTTP { url, http in
                let stores = Stores(
                    index: LocalPassageIndex(root: folder, fsync: false), documents: MemoryDocumentStore(documents))
                let new: @Sendable () -> EncoderPlant = {
                    EncoderPlant(stores, encoders: testEncoders(url, http))
                }
                try await body(new(), new)
            }
        }
    }

    /// A project that has chosen an encoder.
    func project(_ name: String, _ encoder: String) async throws -> Project {
        let project = Project(id: try #require(ProjectID(rawValue: name)), source: "memory")
        try await stores.timeline.save(project)
        return try await choose(encoder, for: project)
    }

    /// Has another encoder build the project's next index.
    func choose(_ encoder: String, for project: Project) async throws -> Project {
        var generation: IndexGeneration?
        if let active = try await stores.index.active(of: project.id) {
            generation = try await stores.index.generation(of: active)
        }
        let kept = try await stores.timeline.project(project.id) ?? project
        let named: EncoderChoice? = EncoderChoice(encoder)
        let choice = try #require(named)
        let chosen = try await encoders.pin(kept, to: choice, active: generation)
        try await stores.timeline.save(chosen)
        return chosen
    }

    /// Does what is on the bus; throws what ends a task, which is set aside then.
    func work() async throws {
        while try await stores.bus.backlog(of: .ingest).ready > 0 {
            let delivery = try await stores.bus.claim(.ingest)
            let verdict = await handler.handle(delivery)
            guard let error = failures.take() else {
                try await stores.bus.settle(delivery, as: verdict)
                continue
            }
            try await stores.bus.settle(delivery, as: .deadLetter(reason: "\(error)"))
            throw error
        }
    }

    /// What ended a task.
    private final class Failures: Sendable {
        private let last = Mutex<(any Error)?>(nil)

        func add(_ error: any Error) { last.withLock { $0 = error } }

        func take() -> (any Error)? {
            last.withLock { last in
                defer { last = nil }
                return last
            }
        }
    }

    /// Compares, works and compares again.
    func ingest(_ project: Project) async throws -> ReconcileReport {
        _ = try await reconciler.reconcile(project)
        try await work()
        return try await reconciler.reconcile(project)
    }

    /// What a question finds now.
    func ask(_ question: String, in project: Project) async throws -> Retrieval {
        let kept = try #require(try await stores.timeline.project(project.id))
        return try #require(try await retriever.retrieve(question, limit: 3, in: kept))
    }
}
