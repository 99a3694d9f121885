import FoundationEssentials
import Hearth
import HearthTesting
import Logging
import Testing

@Suite("Ingestion")
struct IngestionTests {
    private struct Plant {
        let store: MemoryDocumentStore
        let bus = MemoryTaskBus()
        let timeline = MemoryTimeline()
        let index: MemoryPassageIndex
        let project: Project
        let reconciler: Reconciler
        let pipeline: IngestPipeline
        let handler: IngestTaskHandler
        let retriever: Retriever

        init(_ documents: [String: String], name: String = "demo", index: MemoryPassageIndex = .init()) throws {
            let store = MemoryDocumentStore(documents)
            self.store = store
            self.index = index
            let encoders = Encoders(only: HashedWordEncoder(maximumTokens: 40))
            let logger = Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })
            project = Project(id: try #require(ProjectID(rawValue: name)), source: "memory")
            reconciler = Reconciler(
                openStore: { _ in store }, index: index, timeline: timeline, bus: bus, encoders: encoders)
            pipeline = IngestPipeline(
                openStore: { _ in store }, timeline: timeline, index: index, encoders: encoders, logger: logger)
            let outcomes = outcomes
            handler = IngestTaskHandler(pipeline: pipeline, index: index, bus: bus, logger: logger) { task, outcome in
                await outcomes.add(task, outcome)
            }
            retriever = Retriever(encoders: encoders, index: index, logger: logger)
        }

        let outcomes = Outcomes()

        /// Compares, and does what is on the bus until there is nothing; returns what each task did.
        func run() async throws -> (report: ReconcileReport, outcomes: [IngestOutcome]) {
            try await timeline.save(project)
            let report = try await reconciler.reconcile(project)
            while try await bus.backlog(of: .ingest) != TaskBacklog() { _ = try await step() }
            return (report, await outcomes.take().map(\.1))
        }

        /// Does the next task.
        func step() async throws -> IngestTask {
            let delivery = try await bus.claim(.ingest)
            try await bus.settle(delivery, as: await handler.handle(delivery))
            return try TaskCoding.decode(IngestTask.self, from: delivery.message.payload)
        }

        func paths() async throws -> [String] {
            let active = try #require(try await index.active(of: project.id))
            return try await index.documents(in: active).map(\.path)
        }
    }

    private actor Outcomes {
        private var all: [(IngestTask, IngestOutcome)] = []

        func add(_ task: IngestTask, _ outcome: IngestOutcome) { all.append((task, outcome)) }

        func take() -> [(IngestTask, IngestOutcome)] {
            defer { all = [] }
            return all
        }
    }

    private func embedded(_ outcomes: [IngestOutcome]) -> Int {
        outcomes.reduce(0) { sum, outcome in
            guard case .indexed(let document) = outcome else { return sum }
            return sum + document.embedded
        }
    }

    @Test("all words come before the first vector, and an answer says what has none yet")
    func wordsFirst() async throws {
        let plant = try Plant(["a.swift": "let alpha = 1\n", "b.swift": "let beta = 2\n"])
        try await plant.timeline.save(plant.project)
        _ = try await plant.reconciler.reconcile(plant.project)
        #expect(try await plant.step().work == .words)
        #expect(try await plant.step().work == .words)
        func found() async throws -> Retrieval {
            try #require(try await plant.retriever.retrieve("alpha", limit: 5, in: plant.project))
        }
        #expect(try await found().passages.map(\.passage.path) == ["a.swift"])
        #expect(try await found().lexicalOnly?.hasPrefix("2 passages have no vector yet") == true)
        let between = try await plant.reconciler.reconcile(plant.project)
        #expect(between.unchanged == 2 && between.unembedded == 2 && !between.isComplete)
        #expect(try await plant.step().work == .vectors)
        #expect(try await found().lexicalOnly?.hasPrefix("1 passage has no vector yet") == true)
        #expect(try await plant.step().work == .vectors)
        #expect(try await found().lexicalOnly == nil)
        #expect(try await found().passages.count == 2)
        #expect(try await plant.bus.backlog(of: .ingest) == TaskBacklog())
        #expect(try await plant.reconciler.reconcile(plant.project).isComplete)
    }

    @Test("words of a project that is new go before vectors of another")
    func newProjectFirst() async throws {
        let plant = try Plant(["a.swift": "let a = 1\n"])
        try await plant.timeline.save(plant.project)
        _ = try await plant.reconciler.reconcile(plant.project)
        _ = try await plant.step()
        let next = Project(id: try #require(ProjectID(rawValue: ["next"].joined())), source: "memory")
        try await plant.timeline.save(next)
        _ = try await plant.reconciler.reconcile(next)
        let task = try await plant.step()
        #expect(task.projectID == next.id && task.work == .words)
    }

    @Test("a vector that another project has is not computed again")
    func sharedVectors() async throws {
        let text = ["a.swift": "let alpha = 1\n", "b.swift": "let beta = 2\n"]
        let first = try Plant(text)
        #expect(embedded(try await first.run().outcomes) == 2)
        let second = try Plant(
            text.merging(["c.swift": "let gamma = 3\n"]) { $1 }, name: "branch", index: first.index)
        #expect(embedded(try await second.run().outcomes) == 1)
        #expect(try await second.reconciler.reconcile(second.project).isComplete)
    }

    @Test("what was read before somebody wrote a later version is not written over it")
    func laterVersion() async throws {
        let plant = try Plant(["a.swift": "let before = 1\n"])
        try await plant.timeline.save(plant.project)
        let report = try await plant.reconciler.reconcile(plant.project)
        _ = try await plant.step()
        let store = RewritingStore(plant.store) {
            plant.store.put("a.swift", "let after = 1\n")
            let listing = try #require(try await plant.store.listings(of: ["a.swift"]).first)
            let task = IngestTask(
                projectID: plant.project.id, generation: report.index.generation, path: "a.swift", tag: listing.tag,
                work: .words)
            _ = try await plant.pipeline.ingest(task)
        }
        let slow = IngestPipeline(
            openStore: { _ in store }, timeline: plant.timeline, index: plant.index,
            encoders: Encoders(only: HashedWordEncoder(maximumTokens: 40)),
            logger: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() }))
        let task = IngestTask(
            projectID: plant.project.id, generation: report.index.generation, path: "a.swift", tag: "t", work: .vectors)
        #expect(try await slow.ingest(task) == .obsolete)
        #expect(try await plant.index.passages(of: "a.swift", in: report.index).map(\.text) == ["let after = 1\n"])
    }

    /// Lets something happen between the reading of a document and its writing.
    private struct RewritingStore: DocumentStore {
        private let base: MemoryDocumentStore
        private let afterReading: @Sendable () async throws -> Void

        init(_ base: MemoryDocumentStore, afterReading: @escaping @Sendable () async throws -> Void) {
            self.base = base
            self.afterReading = afterReading
        }

        var location: String { base.location }

        func list() async throws -> any AsyncSequence<DocumentListing, any Error> & Sendable {
            try await base.list()
        }

        func listings(of paths: Set<String>) async throws -> [DocumentListing] { try await base.listings(of: paths) }

        func read(_ path: String, limit: Int) async throws -> Document? {
            let document = try await base.read(path, limit: limit)
            try await afterReading()
            return document
        }
    }

    @Test("the first run takes everything in, the second finds nothing to do")
    func incremental() async throws {
        let plant = try Plant(["a.swift": "let a = 1\n", "b/c.py": "x = 2\n"])
        let first = try await plant.run()
        #expect(first.report.changed == 2 && embedded(first.outcomes) == 2)
        let second = try await plant.run()
        #expect(second.report.isComplete && second.report.unchanged == 2)
        #expect(try await plant.paths() == ["a.swift", "b/c.py"])
        #expect(try await plant.timeline.project(plant.project.id)?.reconciledAt != nil)
    }

    @Test("a changed file embeds its changed chunks only")
    func changed() async throws {
        let lines = (0..<30).map { "let value\($0) = \($0) + one two three four five" }
        let plant = try Plant(["a.swift": lines.joined(separator: "\n")])
        let all = embedded(try await plant.run().outcomes)
        var edited = lines
        edited[29] = "let value29 = edited + one two three four five"
        plant.store.put("a.swift", edited.joined(separator: "\n"))
        let again = embedded(try await plant.run().outcomes)
        #expect(all >= 6 && again == 1)
    }

    @Test("deleted and renamed files leave the index")
    func deleted() async throws {
        let plant = try Plant(["a.swift": "let a = 1\n", "b.swift": "let b = 2\n"])
        _ = try await plant.run()
        plant.store.delete("a.swift")
        plant.store.delete("b.swift")
        plant.store.put("c.swift", "let b = 2\n")
        let second = try await plant.run()
        #expect(second.report.deleted == 2 && second.outcomes.filter { $0 == .removed }.count == 2)
        #expect(try await plant.paths() == ["c.swift"])
    }

    @Test("what is skipped is remembered with its reason and not read again")
    func skipped() async throws {
        let plant = try Plant(["go.sum": "x\n", "empty.swift": "\n", "a.swift": "let a = 1\n"])
        plant.store.put("b.bin", bytes: [0, 1, 2, 3])
        let first = try await plant.run()
        #expect(
            Set(first.outcomes.filter { if case .skipped = $0 { true } else { false } }) == [
                .skipped(.generated), .skipped(.empty), .skipped(.binary),
            ])
        let second = try await plant.run()
        #expect(second.report.isComplete && second.report.skipped == [.generated: 1, .empty: 1, .binary: 1])
    }

    @Test("a store that does not answer is an error, and nothing is deleted")
    func unreachable() async throws {
        let plant = try Plant(["a.swift": "let a = 1\n"])
        _ = try await plant.run()
        plant.store.setUnreachable(true)
        await #expect(throws: StoreError.self) { _ = try await plant.reconciler.reconcile(plant.project) }
        #expect(try await plant.paths() == ["a.swift"])
        #expect(try await plant.bus.backlog(of: .ingest) == TaskBacklog())
    }

    @Test("doing a task twice changes nothing")
    func idempotent() async throws {
        let plant = try Plant(["a.swift": "let a = 1\n"])
        try await plant.timeline.save(plant.project)
        _ = try await plant.reconciler.reconcile(plant.project)
        let delivery = try await plant.bus.claim(.ingest)
        let task = try TaskCoding.decode(IngestTask.self, from: delivery.message.payload)
        _ = try await plant.pipeline.ingest(task)
        let active = try #require(try await plant.index.active(of: plant.project.id))
        let before = try await plant.index.passages(of: "a.swift", in: active)
        let again = try await plant.pipeline.ingest(task)
        #expect(try await plant.index.passages(of: "a.swift", in: active) == before)
        #expect(embedded([again]) == 0)
    }

    @Test("secrets are covered in what is stored, and lines stay where they are")
    func secrets() async throws {
        let token = "ghp_" + String(repeating: "aB3", count: 12)
        let plant = try Plant(["a.swift": "let one = 1\nlet token = \"\(token)\"\nlet two = 2\n"])
        let bytes = 12 + token.utf8.count + 15 + 12
        func indexed(embedded: Int, unembedded: Int) -> IngestOutcome {
            .indexed(
                .init(passages: 1, embedded: embedded, unembedded: unembedded, bytes: bytes, maskedSecrets: 1))
        }
        #expect(
            try await plant.run().outcomes == [
                indexed(embedded: 0, unembedded: 1), indexed(embedded: 1, unembedded: 0),
            ])
        let active = try #require(try await plant.index.active(of: plant.project.id))
        let passage = try #require(try await plant.index.passages(of: "a.swift", in: active).first)
        #expect(!passage.text.contains(token) && passage.lines == 1...3)
    }

    @Test("a task of another generation does nothing")
    func obsolete() async throws {
        let plant = try Plant(["a.swift": "let a = 1\n"])
        try await plant.timeline.save(plant.project)
        let other = IndexGeneration(encoder: "old", dimension: 64, chunker: "1", grammars: "none")
        let task = IngestTask(
            projectID: plant.project.id, generation: other.name, path: "a.swift", tag: "t", work: .words)
        #expect(try await plant.pipeline.ingest(task) == .obsolete)
    }

    @Test(
        "a document of a project that is deleted meanwhile is no failure, and nothing of it stays",
        arguments: [true, false])
    func deletedMeanwhile(isIndexGone: Bool) async throws {
        let plant = try Plant(["a.swift": "let a = 1\n"])
        try await plant.timeline.save(plant.project)
        _ = try await plant.reconciler.reconcile(plant.project)
        let task = try TaskCoding.decode(IngestTask.self, from: try await plant.bus.claim(.ingest).message.payload)
        let store = MeddledStore(store: plant.store) {
            if isIndexGone { try await plant.index.dropGenerations(of: plant.project.id, except: nil) }
            try await plant.timeline.deleteProject(plant.project.id)
        }
        let pipeline = IngestPipeline(
            openStore: { _ in store }, timeline: plant.timeline, index: plant.index,
            encoders: Encoders(only: HashedWordEncoder(maximumTokens: 40)),
            logger: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() }))
        #expect(try await pipeline.ingest(task) == .obsolete)
        #expect(try await plant.index.active(of: plant.project.id) == nil)
    }
}

/// A store in which something happens while a document is read.
private struct MeddledStore: DocumentStore {
    let store: MemoryDocumentStore
    let meddle: @Sendable () async throws -> Void

    var location: String { store.location }

    func list() async throws -> any AsyncSequence<DocumentListing, any Error> & Sendable { try await store.list() }

    func listings(of paths: Set<String>) async throws -> [DocumentListing] { try await store.listings(of: paths) }

    func read(_ path: String, limit: Int) async throws -> Document? {
        try await meddle()
        return try await store.read(path, limit: limit)
    }
}
