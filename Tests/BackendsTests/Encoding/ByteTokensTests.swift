import Backends
import Foundation
import Hearth
import HearthTesting
import MiniLM
import Testing

@Suite("Encoder tokens counted by the byte")
struct ByteTokensTests {
    /// Every source of this repository, line by line and whole.
    private static func sources() throws -> [String] {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
        let folder = FileManager.default.enumerator(
            at: root.appending(path: "Sources"), includingPropertiesForKeys: nil)
        let files = (folder?.compactMap { $0 as? URL } ?? []).filter {
            ["swift", "c", "cpp"].contains($0.pathExtension)
        }
        return try files.map { try String(contentsOf: $0, encoding: .utf8) }
    }

    @Test("real code never has more tokens by WordPiece")
    func realCode() throws {
        let encoder = try EncoderTests.miniLM()
        let sources = try Self.sources()
        #expect(sources.count > 100)
        for source in sources {
            for line in source.split(separator: "\n") {
                #expect(encoder.tokenCount(of: line) <= ByteTokens.count(of: line), "\(line)")
            }
            #expect(encoder.tokenCount(of: source[...]) <= ByteTokens.count(of: source))
        }
    }

    @Test("nor has any mixture of scripts, signs and blanks", arguments: 0..<8 as Range<UInt64>)
    func randomText(seed: UInt64) throws {
        let encoder = try EncoderTests.miniLM()
        var random = SplitMix64(seed: seed)
        let alphabet = Array("aZ09_-{}();.,\"'\\\t\n  éßñÅ漢字カナ한글ابتक्ष🙂👩‍👩‍👧ﬁ½…—\u{301}\u{200B}".unicodeScalars)
        for _ in 0..<400 {
            let scalars = (0..<Int.random(in: 0...60, using: &random)).compactMap { _ in
                alphabet.randomElement(using: &random)
            }
            let text = String(String.UnicodeScalarView(scalars))
            #expect(encoder.tokenCount(of: text[...]) <= ByteTokens.count(of: text), "\(text.debugDescription)")
        }
    }

    @Test("a text has as many as its lines together")
    func additive() {
        for text in ["", "a", "a\nb", "a\n\n\nb\n", "é\n漢\n"] {
            let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
            #expect(lines.reduce(0) { $0 + ByteTokens.count(of: $1) } == ByteTokens.count(of: text))
        }
    }

    @Test("a beginning ends between two characters and fits", arguments: 1...14)
    func prefix(limit: Int) {
        let text = "aé漢🙂 bß"
        let cut = ByteTokens.prefix(of: text, limit: limit)
        #expect(text.hasPrefix(cut) && ByteTokens.count(of: cut) <= max(1, limit))
        #expect(!cut.unicodeScalars.contains("\u{FFFD}"))
        #expect((cut == text) == (limit >= ByteTokens.count(of: text)))
    }
}
