import FoundationEssentials
import Gateway
import HTTPTypes
import Hearth
import HearthTesting
import Hummingbird
import HummingbirdTesting
import Logging
import NIOCore
import Synchronization
import Testing

/// A gateway over ports in memory, with workers that run the real pipeline on a scripted generator.
struct GatewayFixture: Sendable {
    let bus = MemoryTaskBus()
    let ledger = MemoryTaskLedger()
    let timeline = MemoryTimeline()
    let index = MemoryPassageIndex()
    let encoder = HashedWordEncoder()
    let generator: ScriptedGenerator
    var settings = GatewaySettings(port: 0, tick: .milliseconds(10))
    var keys: KeyRing?
    var ingest: GatewayPorts.Ingest?
    var ingestPaths: GatewayPorts.IngestPaths?
    var workers = 2
    let demo: ProjectID

    init(_ generator: ScriptedGenerator = ScriptedGenerator(["The backoff ", "is in `retry` [1]."])) throws {
        self.generator = generator
        demo = try #require(ProjectID(rawValue: "demo"))
    }

    private var encoders: Encoders { Encoders(only: encoder) }
    private var retriever: Retriever { Retriever(encoders: encoders, index: index, logger: .silent) }

    /// The project `demo` with two documents, and `empty` without an index.
    private func fill() async throws {
        try await timeline.save(
            Project(id: demo, source: "/code/demo", createdAt: Date(timeIntervalSince1970: 1_700_000_000)))
        let empty = try #require(ProjectID(rawValue: "empty"))
        try await timeline.save(Project(id: empty, source: "/code/empty"))
        let generation = IndexGeneration(
            encoder: encoder.identity.fingerprint, dimension: 64, chunker: "1", grammars: "1")
        let reference = try await index.prepare(generation, of: demo)
        let sources = [
            ("Sources/retry.swift", "swift", "func retry() { backoff *= 2 }"),
            ("docs/mail ü.md", "markdown", "How mail is sent"),
        ]
        for (path, language, text) in sources {
            let passage = Passage(
                id: path, path: path, language: language, lines: 10...12, bytes: 0..<text.utf8.count,
                documentVersion: "v1", symbol: language == "swift" ? "retry()" : "", header: path, text: text,
                hash: "hash-\(language)")
            let vector = try await encoder.encode([passage.embeddedText])[0]
            try await index.replace(
                IndexedDocument(path: path, tag: "t", version: "v1", size: 10, language: language, passageCount: 1),
                with: [IndexedPassage(passage: passage, vector: vector)], in: reference)
        }
        try await index.activate(reference)
    }

    var gateway: Gateway { gateway { _, _ in } }

    private func gateway(onListening: @escaping Gateway.OnListening) -> Gateway {
        Gateway(
            settings: settings,
            ports: GatewayPorts(
                bus: bus, ledger: ledger, timeline: timeline, index: index, encoders: encoders, generator: generator,
                retriever: retriever, ingest: ingest, ingestPaths: ingestPaths),
            keys: keys, logger: .silent, onListening: onListening)
    }

    /// Runs `body` with a gateway that it is to run itself, and with workers.
    func serve(
        _ body: @escaping @Sendable (Gateway, _ port: @Sendable () async throws -> Int) async throws -> Void
    ) async throws {
        try await fill()
        let listening = TestSignal()
        let port = Mutex(0)
        let gateway = gateway { _, open in
            port.withLock { $0 = open }
            listening.fire()
        }
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<workers { group.addTask { try await work() } }
            defer { group.cancelAll() }
            try await body(gateway) {
                try await listening.wait()
                return port.withLock { $0 }
            }
        }
    }

    /// Runs `body` against a gateway and its workers, and ends both.
    func run(
        _ setup: TestingSetup = .router,
        _ body: @escaping @Sendable (TestGateway) async throws -> Void
    ) async throws {
        try await fill()
        let gateway = gateway
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await gateway.runBackground() }
            for _ in 0..<workers { group.addTask { try await work() } }
            defer { group.cancelAll() }
            try await gateway.application().test(setup) { client in
                try await body(TestGateway(client: client, gateway: gateway))
            }
        }
    }

    private func work() async throws {
        let handler = AnswerTaskHandler(
            pipeline: AnswerPipeline(
                retriever: retriever, timeline: timeline, generator: generator),
            ledger: ledger, timeline: timeline, bus: bus, cancellationPoll: .milliseconds(5), logger: .silent)
        while !Task.isCancelled {
            let delivery = try await bus.claim(.answer)
            try await bus.settle(delivery, as: await handler.handle(delivery))
        }
    }

    /// The events of an answer that has ended; waits for its end in the ledger, as a reader would keep it alive.
    func events(of id: CorrelationID) async throws -> [ReplyEvent] {
        while try await ledger.entry(id)?.status.isTerminal != true { await Task.yield() }
        return try await ledger.events(of: id, after: 0, limit: .max)
    }
}

extension Logger {
    static var silent: Logger { Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() }) }
}
