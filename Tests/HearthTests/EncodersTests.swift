import FoundationEssentials
import Hearth
import HearthTesting
import Synchronization
import Testing

@Suite("Encoders of a process")
struct EncodersTests {
    /// Opens encoders of hashed words and remembers for whom; the dimension can change behind a name.
    private final class Opener: Sendable {
        let opened = Mutex<[EncoderChoice]>([])
        let dimension = Mutex(64)

        func encoders(standard: EncoderChoice = .embedded) -> Encoders {
            Encoders(standard: standard, outliner: NoSyntax(), grammars: "none") { choice in
                self.opened.withLock { $0.append(choice) }
                let dimension = choice.isEmbedded ? 32 : self.dimension.withLock { $0 }
                return HashedWordEncoder(dimension: dimension)
            }
        }
    }

    private let opener = Opener()
    private let server = EncoderChoice(provider: .ollama, model: "nomic-embed-text")

    private func project() throws -> Project {
        Project(id: try #require(ProjectID(rawValue: "demo")), source: "/code")
    }

    private func generation(of dimension: Int) -> IndexGeneration {
        IndexGeneration(
            encoder: "hashed-words-\(dimension)", dimension: dimension, chunker: Chunker.version, grammars: "none")
    }

    @Test(
        "a written choice is read, and written the same again",
        arguments: [
            "minilm", "ollama/llama3.1:8b", "openai/BAAI/bge-m3", "ollama/nomic-embed-text@http://gpu:11434",
            "openai/m@https://host/v1",
        ])
    func written(text: String) throws {
        #expect(try #require(EncoderChoice(text)).description == text)
    }

    @Test(
        "what names no provider or no model is no choice",
        arguments: ["", "ollama", "ollama/", "minilm/x", "vllm/x", "minilm@http://x", "/x"])
    func unreadable(text: String) { #expect(EncoderChoice(text) == nil) }

    @Test("settings that were stored before there was a choice are read")
    func oldSettings() throws {
        let stored = #"{"maximumDocumentBytes":1048576,"ignore":[],"passageLimit":12}"#
        let settings = try TaskCoding.decode(ProjectSettings.self, from: Data(stored.utf8))
        #expect(settings.encoder == nil && settings.formerEncoder == nil && settings.passageLimit == 12)
        var chosen = settings
        chosen.encoder = ProjectEncoder(choice: server, pinned: HashedWordEncoder().identity)
        #expect(try TaskCoding.decode(ProjectSettings.self, from: TaskCoding.encode(chosen)) == chosen)
    }

    @Test("a new project gets the standard encoder; one that has an index keeps the embedded one")
    func standard() async throws {
        let encoders = opener.encoders(standard: server)
        let new = try await encoders.pin(try project(), active: nil)
        #expect(new.settings.encoder?.choice == server && new.settings.encoder?.pinned?.dimension == 64)
        let old = try await encoders.pin(try project(), active: generation(of: 32))
        #expect(old.settings.encoder?.choice == .embedded && old.settings.formerEncoder == nil)
    }

    @Test("an encoder is opened once for all that use it")
    func shared() async throws {
        let encoders = opener.encoders(standard: server)
        let project = try await encoders.pin(try project(), active: nil)
        for _ in 0..<3 {
            _ = try await encoders.maker(for: project)
            _ = try await encoders.encoder(thatMade: generation(of: 64), of: project)
        }
        #expect(opener.opened.withLock { $0 } == [server])
    }

    @Test("after a choice the old encoder is known until its index is gone, also over several choices")
    func former() async throws {
        let encoders = opener.encoders()
        let first = try await encoders.pin(try project(), active: nil)
        let second = try await encoders.pin(first, to: server, active: generation(of: 32))
        #expect(second.settings.formerEncoder == first.settings.encoder)
        let other = EncoderChoice(provider: .openai, model: "m")
        let third = try await encoders.pin(second, to: other, active: generation(of: 32))
        #expect(third.settings.formerEncoder == first.settings.encoder)
        let asked = try await encoders.encoder(thatMade: generation(of: 32), of: third)
        #expect(asked.identity.dimension == 32)
        #expect(try await encoders.maker(for: third).generation.dimension == 64)
        let back = try await encoders.pin(third, to: .embedded, active: generation(of: 32))
        #expect(back.settings.formerEncoder == nil)
    }

    @Test("a server that changed is refused with what to do, and taken when it is chosen anew")
    func changed() async throws {
        let pinned = try await opener.encoders().pin(try project(), to: server, active: nil)
        opener.dimension.withLock { $0 = 128 }
        let encoders = opener.encoders()
        let error = await #expect(throws: EncoderError.self) { try await encoders.maker(for: pinned) }
        #expect(error?.code == .changed && error?.message.contains("hearth projects encoder") == true)
        let again = await #expect(throws: EncoderError.self) {
            try await encoders.pin(pinned, active: generation(of: 64))
        }
        #expect(again?.code == .changed)
        let anew = try await encoders.pin(pinned, to: server, active: generation(of: 64))
        #expect(anew.settings.encoder?.pinned?.dimension == 128)
        #expect(try await encoders.maker(for: anew).generation == generation(of: 128))
    }

    @Test("a server that had another model for a while is asked again, not refused for ever")
    func restored() async throws {
        let encoders = opener.encoders()
        let pinned = try await encoders.pin(try project(), to: server, active: nil)
        opener.dimension.withLock { $0 = 128 }
        let other = opener.encoders()
        await #expect(throws: EncoderError.self) { try await other.maker(for: pinned) }
        opener.dimension.withLock { $0 = 64 }
        #expect(try await other.maker(for: pinned).generation == generation(of: 64))
    }

    @Test("an encoder that takes much makes no long passages all the same")
    func limit() async throws {
        let long = PassageMaker(encoder: HashedWordEncoder(maximumTokens: 131_070), outliner: NoSyntax(), grammars: "g")
        let short = PassageMaker(encoder: HashedWordEncoder(maximumTokens: 254), outliner: NoSyntax(), grammars: "g")
        #expect(long.limit == PassageMaker.longestPassage && short.limit == 254)
    }
}
