import Backends
import Foundation
import Hearth
import HearthTesting
import MiniLM
import ScriptedModels
import Testing

@Suite("Encoders")
struct EncoderTests {
    private typealias Behaviour = @Sendable (EncoderConformance) async throws -> Void

    private static let behaviours: [(String, Behaviour)] = [
        ("encodesEachText", { try await $0.encodesEachText() }),
        ("doesNotDependOnTheBatch", { try await $0.doesNotDependOnTheBatch() }),
        ("refusesWhatIsTooLong", { try await $0.refusesWhatIsTooLong() }),
        ("countsTokensByLine", { $0.countsTokensByLine() }), ("placesLikeByLike", { try await $0.placesLikeByLike() }),
        ("staysWhatItIs", { try await $0.staysWhatItIs() }),
    ]

    static func miniLM() throws -> MiniLMEncoder {
        let environment = ProcessInfo.processInfo.environment
        let data = environment["XDG_DATA_HOME"] ?? (environment["HOME"] ?? "") + "/.local/share"
        let assets = environment["HEARTH_ASSETS"] ?? data + "/hearth/assets"
        return MiniLMEncoder(try SentenceEncoder(directory: assets + "/minilm"), streams: 2)
    }

    @Test("MiniLM in the process does what every encoder does", arguments: behaviours.map(\.0))
    func miniLM(name: String) async throws {
        let behaviour = try #require(Self.behaviours.first { $0.0 == name }?.1)
        try await behaviour(EncoderConformance(try Self.miniLM()))
    }

    @Test("the one of hashed words does what every encoder does", arguments: behaviours.map(\.0))
    func hashedWords(name: String) async throws {
        let behaviour = try #require(Self.behaviours.first { $0.0 == name }?.1)
        try await behaviour(EncoderConformance(HashedWordEncoder()))
    }

    @Test("Ollama's does what every encoder does", arguments: behaviours.map(\.0), [384, 4096])
    func ollama(name: String, dimension: Int) async throws {
        let behaviour = try #require(Self.behaviours.first { $0.0 == name }?.1)
        try await ScriptedModels.embedding(dimension: dimension).ollamaEncoder { encoder in
            #expect(encoder.identity.dimension == dimension)
            try await behaviour(EncoderConformance(encoder))
        }
    }

    @Test("an OpenAI-compatible server's does what every encoder does", arguments: behaviours.map(\.0), [1, 7.5])
    func openAI(name: String, vectorLength: Double) async throws {
        let behaviour = try #require(Self.behaviours.first { $0.0 == name }?.1)
        try await ScriptedModels.embedding("bge-m3", dimension: 1024, vectorLength: vectorLength).openAIEncoder {
            encoder in
            try await behaviour(EncoderConformance(encoder))
        }
    }
}
