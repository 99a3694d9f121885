import Backends
import Hearth
import HearthTesting
import ScriptedModels
import Synchronization
import Testing

@Suite("Encoder of a project")
struct ProjectEncoderTests {
    private static let llama = ScriptedModels.Model(
        "llama3.1:latest", contextLength: 131_072, capabilities: ["completion"], dimension: 4096)
    private static let nomic = ScriptedModels.Model(
        "nomic-embed-text:latest", contextLength: 2048, capabilities: ["embedding"], dimension: 768)

    @Test("a project of 4096 numbers and one of 64 are asked side by side")
    func sideBySide() async throws {
        try await EncoderPlant.with(ScriptedModels(encoders: [Self.llama])) { plant, _ in
            let large = try await plant.project("large", "ollama/llama3.1")
            let small = try await plant.project("small", "minilm")
            for project in [large, small] { #expect(try await plant.ingest(project).isComplete) }
            for (project, dimension) in [(large, 4096), (small, 64)] {
                let found = try await plant.ask("retry with a backoff", in: project)
                #expect(found.passages.first?.passage.path == "a.swift" && found.lexicalOnly == nil)
                #expect(try await plant.stores.index.generation(of: found.index).dimension == dimension)
                #expect(found.passages.first?.parts.keys.contains { $0.hasPrefix("cosine") } == true)
            }
        }
    }

    @Test(
        "while another encoder builds its index the old one answers, without a gap, until the new one is complete",
        .timeLimit(.minutes(2)))
    func swap() async throws {
        let (building, release) = (TestSignal(), TestSignal())
        let models = ScriptedModels(
            encoders: [Self.nomic],
            embedding: { call in
                guard call.inputs.contains(where: { $0.contains("How mail is sent") }) else { return .vectors }
                return .after {
                    building.fire()
                    try await release.wait()
                }
            })
        try await EncoderPlant.with(models) { plant, _ in
            let project = try await plant.project("code", "minilm")
            #expect(try await plant.ingest(project).isComplete)
            let old = try await plant.ask("retry", in: project).index
            _ = try await plant.choose("ollama/nomic-embed-text", for: project)
            let asked = TestSignal()
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask {
                    while !Task.isCancelled {
                        let found = try await plant.ask("retry with a backoff", in: project)
                        #expect(found.lexicalOnly == nil && found.passages.first?.passage.path == "a.swift")
                        asked.fire()
                    }
                }
                group.addTask {
                    _ = try await plant.reconciler.reconcile(project)
                    try await plant.work()
                }
                try await building.wait()
                // Half of it is there by now.
                try await asked.wait(for: asked.count + 2)
                #expect(try await plant.ask("retry", in: project).index == old)
                #expect(try await plant.reconciler.reconcile(project).isComplete == false)
                #expect(try await plant.ask("retry", in: project).encoder == "hashed-words-64")
                release.fire()
                while try await plant.stores.bus.backlog(of: .ingest) != TaskBacklog() { await Task.yield() }
                #expect(try await plant.reconciler.reconcile(project).isComplete)
                try await asked.wait(for: asked.count + 2)
                group.cancelAll()
            }
            let new = try await plant.ask("retry with a backoff", in: project)
            #expect(new.index != old && new.encoder.hasPrefix("ollama/nomic-embed-text:latest@"))
            #expect(try await plant.stores.timeline.project(project.id)?.settings.formerEncoder == nil)
        }
    }

    @Test("when the server is away, a question is answered by words and says so, and vectors wait")
    func away() async throws {
        let isAway = Mutex(false)
        let models = ScriptedModels(
            encoders: [Self.nomic],
            embedding: { _ in isAway.withLock { $0 } ? .refuses(503, #"{"error":"server busy"}"#) : .vectors })
        try await EncoderPlant.with(models) { plant, _ in
            let project = try await plant.project("code", "ollama/nomic-embed-text")
            #expect(try await plant.ingest(project).isComplete)
            isAway.withLock { $0 = true }
            let found = try await plant.ask("retry backoff", in: project)
            #expect(found.lexicalOnly?.contains("Try again later") == true)
            #expect(found.passages.first?.passage.path == "a.swift")
            plant.stores.documents.put("c.swift", "let added = true\n")
            let error = await #expect(throws: EncoderError.self) { try await plant.ingest(project) }
            #expect(error?.isRetriable == true)
            #expect(try await plant.ask("added", in: project).passages.first?.passage.path == "c.swift")
            isAway.withLock { $0 = false }
            let partly = try await plant.ask("retry backoff", in: project)
            #expect(partly.lexicalOnly?.hasPrefix("1 passage has no vector yet") == true)
            let bus = plant.stores.bus
            for letter in try await bus.deadLetters(on: .ingest, limit: 10) {
                _ = try await bus.replay(letter.message.id, on: .ingest)
            }
            #expect(try await plant.ingest(project).isComplete)
            #expect(try await plant.ask("retry backoff", in: project).lexicalOnly == nil)
        }
    }

    @Test(
        "a server with another model under the name is refused before a vector is written, until it is chosen anew",
        arguments: [true, false],
        [
            ScriptedModels.Model("nomic-embed-text:latest", dimension: 768, digest: "newer"),
            ScriptedModels.Model("nomic-embed-text:latest", dimension: 512, digest: nomic.digest),
        ])
    func replaced(inNewProcess: Bool, model: ScriptedModels.Model) async throws {
        let models = ScriptedModels(encoders: [Self.nomic])
        try await EncoderPlant.with(models) { first, new in
            let project = try await first.project("code", "ollama/nomic-embed-text")
            #expect(try await first.ingest(project).isComplete)
            let old = try #require(try await first.stores.index.active(of: project.id))
            models.change.replaceAll(with: [model])
            first.stores.documents.put("c.swift", "let added = true\n")
            let isFound = inNewProcess || model.digest != Self.nomic.digest
            let plant = inNewProcess ? new() : first
            let before = try await plant.stores.index.documents(in: old)
            let error = await #expect(throws: EncoderError.self) { try await plant.ingest(project) }
            #expect(error?.code == (isFound ? .changed : .dimensionMismatch), "\(String(describing: error))")
            let after = try await plant.stores.index.documents(in: old)
            #expect(after.filter { $0.path != "c.swift" } == before)
            if isFound {
                #expect(after == before)
                #expect(try await plant.stores.bus.backlog(of: .ingest) == TaskBacklog())
            } else {
                #expect(after.first { $0.path == "c.swift" }?.unembedded == 1)
            }
            #expect(try await plant.ask("retry", in: project).lexicalOnly != nil)

            let chosen = try await plant.choose("ollama/nomic-embed-text", for: project)
            #expect(chosen.settings.encoder?.pinned?.dimension == model.dimension)
            #expect(try await plant.ask("retry", in: project).index == old)
            #expect(try await plant.ingest(project).isComplete)
            let found = try await plant.ask("added", in: project)
            #expect(found.index != old && found.lexicalOnly == nil && found.passages.first?.passage.path == "c.swift")
        }
    }

    @Test("a document that the encoder refuses as too long is cut smaller, and nothing of it is left out")
    func tooLong() async throws {
        let lines = (0..<120).map { "let v\($0) = a b c d e f g h i" }
        let models = ScriptedModels.embedding("m:latest", contextLength: 8192, longestText: 60)
        try await EncoderPlant.with(models, documents: ["long.swift": lines.joined(separator: "\n")]) { plant, _ in
            let project = try await plant.project("code", "ollama/m")
            #expect(try await plant.ingest(project).isComplete)
            let active = try #require(try await plant.stores.index.active(of: project.id))
            let passages = try await plant.stores.index.passages(of: "long.swift", in: active)
            #expect(passages.map(\.text).joined().split(separator: "\n").map(String.init) == lines)
            #expect(passages.allSatisfy { $0.embeddedText.split(whereSeparator: \.isWhitespace).count <= 60 })
            #expect(models.statistics.now.embedded.count >= 2)
        }
    }
}
