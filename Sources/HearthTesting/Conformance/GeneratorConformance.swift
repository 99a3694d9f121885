public import Hearth
import Testing

/// What every ``Generator`` does.
///
/// The generator must be one that answers ``request(_:)`` with at least three pieces of text.
public struct GeneratorConformance: Sendable {
    private let generator: any Generator

    public init(_ generator: any Generator) { self.generator = generator }

    /// A request for the generator's default model, about a passage on parsing.
    public func request(_ question: String = "How does parseTree work?") async throws -> GenerationRequest {
        let text = "/// Parses a tree.\nfunc parseTree(_ text: String) -> Tree {\n    Tree(text)\n}\n"
        let passage = Passage(
            id: "p1", path: "Sources/Parser.swift", language: "swift", lines: 10...13, bytes: 100..<180,
            documentVersion: "v1", symbol: "parseTree(_:)", header: "Sources/Parser.swift", text: text,
            hash: Digest.sha256(text))
        let messages = [
            ChatMessage(role: .system, content: "Answer from the passages."),
            ChatMessage(role: .user, content: text + "\nQuestion: " + question),
        ]
        let prompt = Prompt(
            messages: messages, question: question, passages: [passage],
            estimatedTokens: TokenEstimate.tokens(of: messages))
        return GenerationRequest(
            model: try await generator.defaultModel(), prompt: prompt,
            options: GenerationOptions(temperature: 0, seed: 7))
    }

    /// The default model is one of the models, and all of them can be named and have a context.
    public func offersItsDefaultModel() async throws {
        let models = try await generator.models()
        #expect(models.contains(try await generator.defaultModel()))
        for model in models {
            #expect(!model.name.isEmpty)
            #expect(!model.provider.isEmpty)
            #expect(model.contextLength > 0)
        }
        #expect(Set(models.map(\.label)).count == models.count)
    }

    /// Text that is never empty, then one `.finished`, then nothing.
    public func endsWithOneFinish() async throws {
        var events: [GenerationEvent] = []
        for try await event in try await generator.generate(request()) { events.append(event) }
        guard case .finished(_, let usage) = events.last else {
            Issue.record("the last event is no end: \(String(describing: events.last))")
            return
        }
        #expect(usage.prompt >= 0 && usage.completion >= 0)
        let pieces = events.dropLast().map { event in if case .text(let text) = event { text } else { "" } }
        #expect(pieces.count >= 3)
        #expect(pieces.allSatisfy { !$0.isEmpty })
    }

    /// A model that continues writes on after a given beginning, wherever that ends; one that replays repeats itself.
    public func continuesAsItSays() async throws {
        var request = try await request()
        let whole = try await text(of: request)
        switch request.model.continuation {
        case .none: break
        case .replay: #expect(try await text(of: request) == whole)
        case .prefill:
            for length in [1, whole.count / 2, whole.count - 1] {
                request.prefix = String(whole.prefix(length))
                #expect(request.prefix + (try await text(of: request)) == whole)
            }
        }
    }

    /// A model that is asked with less context than it has writes the same, as long as it fits.
    public func takesLessContext() async throws {
        var request = try await request()
        let whole = try await text(of: request)
        request.model = request.model.limited(to: 512)
        #expect(request.model.contextLength == 512)
        #expect(try await text(of: request) == whole)
    }

    /// A model that it does not have is named in the error.
    public func refusesUnknownModels() async throws {
        var request = try await request()
        request.model = GeneratorModel(
            name: "no-such-model", provider: "nobody", contextLength: 100_000, continuation: .none)
        do {
            for try await _ in try await generator.generate(request) {}
            Issue.record("a model that does not exist wrote something")
        } catch let error as GeneratorError {
            #expect(error.code == .modelNotFound)
            #expect(error.message.contains("no-such-model"))
            #expect(!error.isRetriable)
        }
    }

    /// A reader that is cancelled in the middle of an answer returns soon.
    ///
    /// - Parameter isStopped: tells whether what stands behind the generator has noticed. Asked until it has, for one
    ///   second at most.
    public func stopsWhenCancelled(isStopped: @escaping @Sendable () -> Bool = { true }) async throws {
        let request = try await request()
        let started = TestSignal()
        let generator = generator
        let clock = ContinuousClock()
        // check: allow task because cancellation from outside is what is tested
        let reader = Task {
            for try await event in try await generator.generate(request) {
                guard case .text = event else { continue }
                started.fire()
                // Holds on to the stream until the cancellation comes.
                try await TestSignal().wait()
            }
        }
        try await started.wait()
        let cancelled = clock.now
        reader.cancel()
        await #expect(throws: (any Error).self) { try await reader.value }
        while !isStopped(), clock.now - cancelled < .seconds(1) { await Task.yield() }
        #expect(isStopped())
        #expect(clock.now - cancelled < .seconds(1))
    }

    /// The text of an answer.
    public func text(of request: GenerationRequest) async throws -> String {
        var text = ""
        for try await event in try await generator.generate(request) {
            if case .text(let piece) = event { text += piece }
        }
        return text
    }
}
