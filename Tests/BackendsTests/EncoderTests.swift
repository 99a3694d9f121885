import Backends
import Foundation
import Hearth
import HearthTesting
import MiniLM
import Testing

@Suite("Encoders")
struct EncoderTests {
    private typealias Behaviour = @Sendable (EncoderConformance) async throws -> Void

    private static let behaviours: [(String, Behaviour)] = [
        ("encodesEachText", { try await $0.encodesEachText() }),
        ("doesNotDependOnTheBatch", { try await $0.doesNotDependOnTheBatch() }),
        ("refusesWhatIsTooLong", { try await $0.refusesWhatIsTooLong() }),
        ("countsTokensByLine", { $0.countsTokensByLine() }), ("placesLikeByLike", { try await $0.placesLikeByLike() }),
    ]

    @Test("MiniLM in the process does what every encoder does", arguments: behaviours.map(\.0))
    func miniLM(name: String) async throws {
        let behaviour = try #require(Self.behaviours.first { $0.0 == name }?.1)
        let environment = ProcessInfo.processInfo.environment
        let data = environment["XDG_DATA_HOME"] ?? (environment["HOME"] ?? "") + "/.local/share"
        let assets = environment["HEARTH_ASSETS"] ?? data + "/hearth/assets"
        let encoder = MiniLMEncoder(try SentenceEncoder(directory: assets + "/minilm"), streams: 2)
        try await behaviour(EncoderConformance(encoder))
    }

    @Test("the one of hashed words does what every encoder does", arguments: behaviours.map(\.0))
    func hashedWords(name: String) async throws {
        let behaviour = try #require(Self.behaviours.first { $0.0 == name }?.1)
        try await behaviour(EncoderConformance(HashedWordEncoder()))
    }
}
