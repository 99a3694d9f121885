import Backends
import Hearth
import HearthTesting
import Synchronization
import Testing

@Suite("Automatic and routing generators")
struct GeneratorAutomaticTests {
    /// A generator that is there or not, as a test says, and counts how often it was asked.
    private final class Switched: Generator {
        let isUp = Mutex(false)
        let asked = Mutex(0)
        let scripted = ScriptedGenerator(["one ", "two ", "three"])

        func models() async throws -> [GeneratorModel] {
            asked.withLock { $0 += 1 }
            guard isUp.withLock({ $0 }) else { throw GeneratorError(.unavailable, "down") }
            return try await scripted.models()
        }

        func defaultModel() async throws -> GeneratorModel { try await models()[0] }

        func generate(
            _ request: GenerationRequest
        ) async throws -> any AsyncSequence<GenerationEvent, any Error> & Sendable {
            guard isUp.withLock({ $0 }) else { throw GeneratorError(.unavailable, "down") }
            return try await scripted.generate(request)
        }
    }

    private final class Time: Sendable {
        private let offset = Mutex(Duration.zero)
        private let start = ContinuousClock.now
        var now: ContinuousClock.Instant { start + offset.withLock { $0 } }
        func advance(_ duration: Duration) { offset.withLock { $0 += duration } }
    }

    @Test("falls back, leaves the other alone for a while, and comes back when it answers")
    func fallback() async throws {
        let (preferred, time) = (Switched(), Time())
        let automatic = AutomaticGenerator(
            preferred: preferred, fallback: ExtractiveGenerator(), recheck: .seconds(30), logger: .test,
            now: { time.now })
        #expect(try await automatic.defaultModel().provider == "extractive")
        preferred.isUp.withLock { $0 = true }
        #expect(try await automatic.defaultModel().provider == "extractive")
        #expect(preferred.asked.withLock { $0 } == 1)
        time.advance(.seconds(31))
        #expect(try await automatic.defaultModel().provider == "scripted")
        #expect(try await automatic.models().map(\.provider) == ["scripted", "extractive"])
    }

    @Test("when the preferred one dies, its question fails retriably and the next gets the fallback")
    func dying() async throws {
        let preferred = Switched()
        preferred.isUp.withLock { $0 = true }
        let automatic = AutomaticGenerator(
            preferred: preferred, fallback: ExtractiveGenerator(), logger: .test)
        let request = try await GeneratorConformance(automatic).request()
        #expect(request.model.provider == "scripted")
        preferred.isUp.withLock { $0 = false }
        #expect(try await automatic.failure(of: request)?.isRetriable == true)
        #expect(try await automatic.defaultModel().provider == "extractive")
        #expect(preferred.asked.withLock { $0 } == 1)
    }

    @Test("routes by provider, and leaves out generators that do not answer")
    func routing() async throws {
        let down = Switched()
        let scripted = ScriptedGenerator(["a", "b", "c"])
        let routing = RoutingGenerator([
            .init(provider: "scripted", generator: scripted), .init(provider: "down", generator: down),
            .init(provider: "extractive", generator: ExtractiveGenerator()),
        ])
        #expect(try await routing.models().map(\.provider) == ["scripted", "extractive"])
        var request = try await GeneratorConformance(routing).request()
        #expect(try await GeneratorConformance(routing).text(of: request) == "abc")
        request.model = try await ExtractiveGenerator().defaultModel()
        #expect(try await GeneratorConformance(routing).text(of: request).contains("parseTree"))
        #expect(scripted.requests.count == 1)
    }

    @Test("only when no generator answers is the list of models an error")
    func allDown() async throws {
        let routing = RoutingGenerator([.init(provider: "down", generator: Switched())])
        await #expect(throws: GeneratorError.self) { try await routing.models() }
        await #expect(throws: GeneratorError.self) { try await RoutingGenerator([]).defaultModel() }
    }
}
