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
        let index = MemoryPassageIndex()
        let project: Project
        let reconciler: Reconciler
        let pipeline: IngestPipeline

        init(_ documents: [String: String]) throws {
            let store = MemoryDocumentStore(documents)
            self.store = store
            let encoders = Encoders(only: HashedWordEncoder(maximumTokens: 40))
            project = Project(id: try #require(ProjectID(rawValue: ["demo"].joined())), source: "memory")
            reconciler = Reconciler(
                openStore: { _ in store }, index: index, timeline: timeline, bus: bus, encoders: encoders)
            pipeline = IngestPipeline(
                openStore: { _ in store }, timeline: timeline, index: index, encoders: encoders,
                logger: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() }))
        }

        /// Reconciles and does all tasks; returns what each did.
        func run() async throws -> (report: ReconcileReport, outcomes: [IngestOutcome]) {
            try await timeline.save(project)
            let report = try await reconciler.reconcile(project)
            var outcomes: [IngestOutcome] = []
            for _ in 0..<(report.changed + report.deleted) {
                let delivery = try await bus.claim(.ingest)
                let task = try TaskCoding.decode(IngestTask.self, from: delivery.message.payload)
                outcomes.append(try await pipeline.ingest(task))
                try await bus.settle(delivery, as: .done)
            }
            return (report, outcomes)
        }

        func paths() async throws -> [String] {
            let active = try #require(try await index.active(of: project.id))
            return try await index.documents(in: active).map(\.path)
        }
    }

    private func embedded(_ outcomes: [IngestOutcome]) -> Int {
        outcomes.reduce(0) { sum, outcome in
            guard case .indexed(_, let embedded, _, _) = outcome else { return sum }
            return sum + embedded
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
        let outcome = try await plant.run().outcomes
        #expect(
            outcome == [.indexed(passages: 1, embedded: 1, bytes: 12 + token.utf8.count + 15 + 12, maskedSecrets: 1)])
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
            projectID: plant.project.id, generation: other.name, path: "a.swift", tag: "t", change: .changed)
        #expect(try await plant.pipeline.ingest(task) == .obsolete)
    }
}
