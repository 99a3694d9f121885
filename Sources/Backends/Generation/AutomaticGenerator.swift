public import Hearth
public import Logging
import Synchronization

/// Uses a preferred generator while it answers and has a model, else another one that always works.
///
/// The choice is made for each question anew, by the question's model: ``defaultModel()`` asks the preferred generator,
/// and when that does not answer gives the fallback's model, without asking again for a while. What a question has
/// begun with one generator is not finished by the other behind its back.
public final class AutomaticGenerator: Generator {
    private let preferred: any Generator
    private let fallback: any Generator
    private let logger: Logger
    private let now: @Sendable () -> ContinuousClock.Instant
    private let choice: Mutex<GeneratorChoice>

    /// - Parameters:
    ///   - recheck: how long a preferred generator that did not answer is left alone.
    ///   - now: the time; for tests.
    public init(
        preferred: any Generator,
        fallback: any Generator,
        recheck: Duration = .seconds(30),
        logger: Logger,
        now: @escaping @Sendable () -> ContinuousClock.Instant = { .now }
    ) {
        self.preferred = preferred
        self.fallback = fallback
        self.logger = logger
        self.now = now
        choice = Mutex(GeneratorChoice(recheck: recheck))
    }

    /// The models of the preferred generator, if it answers, and the fallback's.
    public func models() async throws -> [GeneratorModel] {
        let offered = try await asking { try await self.preferred.models() } ?? []
        return offered + (try await fallback.models())
    }

    public func defaultModel() async throws -> GeneratorModel {
        if let model = try await asking({ [try await self.preferred.defaultModel()] })?.first { return model }
        return try await fallback.defaultModel()
    }

    public func generate(
        _ request: GenerationRequest
    ) async throws -> any AsyncSequence<GenerationEvent, any Error> & Sendable {
        let fallbackProviders = try await fallback.models().map(\.provider)
        guard !fallbackProviders.contains(request.model.provider) else {
            return try await fallback.generate(request)
        }
        do {
            return try await preferred.generate(request)
        } catch let error as GeneratorError where error.code == .unavailable {
            noteFailure(error)
            throw error
        }
    }

    /// Asks the preferred generator, unless it is left alone; `nil` if it cannot be used.
    private func asking(_ ask: () async throws -> [GeneratorModel]) async throws -> [GeneratorModel]? {
        guard choice.withLock({ $0.asks(at: now()) }) else { return nil }
        do {
            let models = try await ask()
            guard let first = models.first else {
                noteFailure(GeneratorError(.modelNotFound, "It offers no model."))
                return nil
            }
            if choice.withLock({ $0.succeeded() }) {
                logger.notice("Answers are written by \(first.label).")
            }
            return models
        } catch let error as GeneratorError {
            noteFailure(error)
            return nil
        }
    }

    private func noteFailure(_ error: GeneratorError) {
        let (isNews, hadAnswered) = choice.withLock { choice in
            let hadAnswered = choice.state == .preferred
            return (choice.failed(at: now()), hadAnswered)
        }
        guard isNews else { return }
        // Never having had a model is how many run it; losing one is not.
        logger.log(
            level: hadAnswered ? .notice : .info,
            "Answers are extractive, without a language model: \(error.message)")
    }
}
