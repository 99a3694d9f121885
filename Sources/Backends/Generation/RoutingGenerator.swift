public import Hearth

/// Several generators as one: each request goes to the one that offers its model.
public struct RoutingGenerator: Generator {
    /// A generator and the provider of its models.
    public struct Route: Sendable {
        public let provider: String
        public let generator: any Generator

        public init(provider: String, generator: any Generator) {
            self.provider = provider
            self.generator = generator
        }
    }

    private let routes: [Route]

    /// - Parameter routes: with different providers; the first one's default model is the default.
    public init(_ routes: [Route]) { self.routes = routes }

    /// The models of all generators that answer. Throws the first one's error if none does.
    public func models() async throws -> [GeneratorModel] {
        var offered: [GeneratorModel] = []
        var failures: [GeneratorError] = []
        for route in routes {
            do {
                offered += try await route.generator.models()
            } catch let error as GeneratorError {
                failures.append(error)
            }
        }
        if let failure = failures.first, failures.count == routes.count { throw failure }
        return offered
    }

    public func defaultModel() async throws -> GeneratorModel {
        guard let first = routes.first else {
            throw GeneratorError(.modelNotFound, "No generator is configured. Set generator.kind.")
        }
        return try await first.generator.defaultModel()
    }

    public func generate(
        _ request: GenerationRequest
    ) async throws -> any AsyncSequence<GenerationEvent, any Error> & Sendable {
        guard let route = routes.first(where: { $0.provider == request.model.provider }) else {
            let known = routes.map(\.provider).joined(separator: ", ")
            throw GeneratorError(
                .modelNotFound,
                "No generator offers the model '\(request.model.label)'. The configured providers are: \(known).")
        }
        return try await route.generator.generate(request)
    }
}
