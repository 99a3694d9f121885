import Backends
import Hearth
import HearthTesting
import ScriptedModels
import Testing

@Suite("Generator conformance")
struct GeneratorConformanceTests {
    enum Kind: String, CaseIterable { case ollama, openAI, vLLM, extractive, scripted, automatic, routing }

    typealias Stopped = @Sendable () -> Bool

    /// Lends a generator of a kind whose server, if it has one, does what `models` says.
    private func with(
        _ kind: Kind,
        models: ScriptedModels = .echo,
        _ body: @escaping @Sendable (any Generator) async throws -> Void
    ) async throws {
        switch kind {
        case .ollama: try await models.ollama { try await body($0) }
        case .openAI: try await models.openAI { try await body($0) }
        case .vLLM: try await models.openAI(continuesAnswers: true) { try await body($0) }
        case .extractive: try await body(ExtractiveGenerator())
        case .scripted: try await body(ScriptedGenerator(["one ", "two ", "three ", "four"]))
        case .automatic:
            try await models.ollama { ollama in
                try await body(AutomaticGenerator(preferred: ollama, fallback: ExtractiveGenerator(), logger: .test))
            }
        case .routing:
            try await models.ollama { ollama in
                try await body(
                    RoutingGenerator([
                        .init(provider: OllamaGenerator.provider, generator: ollama),
                        .init(provider: ExtractiveGenerator.provider, generator: ExtractiveGenerator()),
                    ]))
            }
        }
    }

    @Test("offers its default model", arguments: Kind.allCases)
    func defaultModel(kind: Kind) async throws {
        try await with(kind) { try await GeneratorConformance($0).offersItsDefaultModel() }
    }

    @Test("ends with exactly one finish", arguments: Kind.allCases)
    func ending(kind: Kind) async throws {
        try await with(kind) { try await GeneratorConformance($0).endsWithOneFinish() }
    }

    @Test("continues an answer as its model says", arguments: Kind.allCases)
    func continuation(kind: Kind) async throws {
        try await with(kind) { try await GeneratorConformance($0).continuesAsItSays() }
    }

    @Test("answers with less context than its model has", arguments: Kind.allCases)
    func lessContext(kind: Kind) async throws {
        try await with(kind) { try await GeneratorConformance($0).takesLessContext() }
    }

    @Test("refuses a model that it does not have", arguments: Kind.allCases)
    func unknownModel(kind: Kind) async throws {
        try await with(kind) { try await GeneratorConformance($0).refusesUnknownModels() }
    }

    @Test("stops within a second of a cancellation", arguments: Kind.allCases)
    func cancellation(kind: Kind) async throws {
        let models = ScriptedModels { _ in ModelScript([.text("one "), .text("two "), .text("three "), .hang]) }
        let statistics = models.statistics
        try await with(kind, models: models) { generator in
            try await GeneratorConformance(generator).stopsWhenCancelled {
                statistics.now.requests == statistics.now.abandoned
            }
        }
    }
}
