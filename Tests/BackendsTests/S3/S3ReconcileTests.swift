import Backends
import Hearth
import HearthTesting
import S3
import ScriptedS3
import Testing

@Suite("Comparing a bucket with its index")
struct S3ReconcileTests {
    private let encoders = Encoders(only: HashedWordEncoder())
    private let index = MemoryPassageIndex()
    private let timeline = MemoryTimeline()
    private let bus = MemoryTaskBus()

    private func reconciler(_ client: S3Client, memory: S3StoreMemory = S3StoreMemory()) -> Reconciler {
        Reconciler(
            openStore: { project in
                try S3DocumentStore(source: project.source, client: client, settings: project.settings, memory: memory)
            }, index: index, timeline: timeline, bus: bus, encoders: encoders)
    }

    private func project(_ source: String = "s3://code/src") throws -> Project {
        Project(id: try #require(ProjectID(rawValue: "demo")), source: source)
    }

    /// Takes everything that is on the bus into the index, as workers would: without text.
    private func drain(_ client: S3Client, _ project: Project) async throws -> [IngestTask] {
        let reference = try await index.prepare(encoders.maker(for: project).generation, of: project.id)
        var tasks: [IngestTask] = []
        // Nothing is published meanwhile, and to count what is ready is slow in memory.
        for _ in 0..<(try await bus.backlog(of: .ingest).ready) {
            let delivery = try await bus.claim(.ingest)
            let task = try TaskCoding.decode(IngestTask.self, from: delivery.message.payload)
            tasks.append(task)
            if task.work == .removal {
                try await index.remove([task.path], from: reference)
            } else {
                let row = IndexedDocument(
                    path: task.path, tag: task.tag, version: "v", size: 1, language: "text", passageCount: 0)
                try await index.replace(row, with: [], in: reference)
            }
            try await bus.settle(delivery, as: .done)
        }
        return tasks
    }

    @Test("100,000 unchanged objects cost a hundred listings and nothing else")
    func unchanged() async throws {
        let bucket = MemoryBucket()
        for number in 0..<100_000 {
            bucket.put("src/part\(number / 1000)/+group\(number / 100)/file\(number).swift", [UInt8(number & 0xFF)])
        }
        let project = try project()
        try await withMemoryBucket(bucket) { client in
            let reference = try await index.prepare(encoders.maker(for: project).generation, of: project.id)
            try await index.activate(reference)
            for try await listing in try await S3DocumentStore(source: project.source, client: client).list() {
                let row = IndexedDocument(
                    path: listing.path, tag: listing.tag, version: "v", size: 1, language: "text", passageCount: 0)
                try await index.replace(row, with: [], in: reference)
            }
            let listed = bucket.requests("LIST")
            let clock = ContinuousClock()
            let duration = try await clock.measure {
                let report = try await reconciler(client).reconcile(project)
                #expect(report.unchanged == 100_000 && report.isComplete)
            }
            #expect(bucket.requests("LIST") - listed == 100)
            #expect(bucket.requests("GET") == 0 && bucket.requests("HEAD") == 0)
            #expect(duration < .seconds(60), "100,000 objects took \(duration)")
            Attachment.record("\(duration)", named: "reconcile-100000.txt")
        }
    }

    @Test("an ignore file is fetched once, and again only when it has changed")
    func ignoreFiles() async throws {
        let bucket = MemoryBucket("code", ["src/.gitignore": "*.log", "src/a/.gitignore": "x", "src/a/b": "x"])
        let project = try project()
        try await withMemoryBucket(bucket) { client in
            let reconciler = reconciler(client)
            for _ in 0..<3 { _ = try await reconciler.reconcile(project) }
            #expect(bucket.requests("GET") == 2)
            bucket.put("src/.gitignore", Array("*.txt".utf8))
            _ = try await reconciler.reconcile(project)
            #expect(bucket.requests("GET") == 3)
        }
    }

    @Test("some paths alone are looked up: changed, gone, unchanged, ignored, and unknown")
    func paths() async throws {
        let bucket = MemoryBucket(
            "code", ["src/a": "1", "src/b": "2", "src/c": "3", "src/x.log": "4", "src/.gitignore": "*.log"])
        let project = try project()
        try await withMemoryBucket(bucket) { client in
            let reconciler = reconciler(client)
            _ = try await reconciler.reconcile(project)
            #expect(try await drain(client, project).count == 4)
            bucket.put("src/a", Array("changed".utf8))
            bucket.delete("src/b")
            bucket.put("src/x.log", Array("changed".utf8))
            let listed = bucket.requests("LIST")
            let report = try await reconciler.reconcile(project, paths: ["a", "b", "c", "x.log", "never"])
            #expect(report.changed == 1 && report.deleted == 1 && report.unchanged == 1)
            #expect(report.skipped == [.ignored: 1] && bucket.requests("LIST") == listed)
            let tasks = try await drain(client, project)
            #expect(Set(tasks.map { "\($0.path) \($0.work)" }) == ["a words", "b removal"])
            #expect(try await reconciler.reconcile(project).isComplete)
            // An ignore file decides about others: everything is compared.
            bucket.put("src/.gitignore", Array("c".utf8))
            _ = try await reconciler.reconcile(project, paths: [".gitignore"])
            let more = try await drain(client, project)
            #expect(
                Set(more.map { "\($0.path) \($0.work)" }) == [".gitignore words", "c removal", "x.log words"])
        }
    }

    @Test("a source that was emptied keeps its index until somebody says what went, or that it is meant")
    func emptied() async throws {
        let bucket = MemoryBucket("code", ["src/.gitignore": "*.log", "src/a": "1", "src/b": "2"])
        let project = try project()
        try await withMemoryBucket(bucket) { client in
            let reconciler = reconciler(client)
            _ = try await reconciler.reconcile(project)
            #expect(try await drain(client, project).count == 3)
            for path in [".gitignore", "a", "b"] { bucket.delete("src/" + path) }
            let error = await #expect(throws: StoreError.self) { try await reconciler.reconcile(project) }
            #expect(error?.code == .empty)
            #expect(try await bus.backlog(of: .ingest).ready == 0)
            // What a notification names is gone, also where it is an ignore file.
            _ = try await reconciler.reconcile(project, paths: [".gitignore", "a"])
            #expect(try await drain(client, project).map(\.path) == [".gitignore", "a"])
            bucket.put("src/.hearthignore", [])
            let report = try await reconciler.reconcile(project)
            #expect(report.changed == 1 && report.deleted == 1)
        }
    }

    @Test("a mistyped source leaves no index behind")
    func mistyped() async throws {
        let project = try project("s3://code/scr")
        try await withMemoryBucket(MemoryBucket("code", ["src/a": "1"])) { client async throws in
            await #expect(throws: StoreError.self) { try await reconciler(client).reconcile(project) }
            #expect(try await index.active(of: project.id) == nil)
        }
    }

    @Test("a listing that breaks off deletes nothing")
    func brokenOff() async throws {
        let bucket = MemoryBucket()
        for number in 0..<1500 { bucket.put("src/f\(number)", [1]) }
        let project = try project()
        try await withMemoryBucket(bucket) { client in
            _ = try await reconciler(client).reconcile(project)
            _ = try await drain(client, project)
        }
        try await withS3HTTPClient { http in
            try await ScriptedS3.run { request in
                request.parameter("continuation-token") == nil
                    ? bucket.answer(request) : .error(500, "InternalError")
            } _: { server in
                let client = S3Client(
                    S3ClientConfiguration(
                        endpoint: try S3Endpoint(server.endpoint),
                        credentials: .fixed(S3Credentials(accessKeyID: "a", secretAccessKey: "s")), attempts: 1),
                    http: http)
                await #expect(throws: StoreError.self) { try await reconciler(client).reconcile(project) }
                #expect(try await bus.backlog(of: .ingest).ready == 0)
            }
        }
    }
}
